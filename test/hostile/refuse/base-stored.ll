; refuse: SIR040 the arena's address becomes data
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %p = getelementptr i8, ptr %base, i64 65536
  store ptr %base, ptr %p, align 1
  ret i32 0
}
