; refuse: SIR040 an i1 in memory
; form: checked
define internal i32 @f(ptr %base) {
  %p = getelementptr i8, ptr %base, i64 65536
  store i1 true, ptr %p, align 1
  ret i32 0
}
