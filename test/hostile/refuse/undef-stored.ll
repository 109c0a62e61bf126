; refuse: SIR021 a leftover register reaches memory
; form: checked
define internal i32 @f(ptr %base) {
  %p = getelementptr i8, ptr %base, i64 65536
  store i32 undef, ptr %p, align 1
  ret i32 0
}
