; refuse: SIR041 a mask instead of a zero extension
; form: checked
define internal i32 @f(ptr %base, i64 %i) {
  %z = and i64 %i, 4294967295
  %p = getelementptr i8, ptr %base, i64 %z
  %v = load i32, ptr %p, align 1
  ret i32 0
}
