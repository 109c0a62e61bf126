; refuse: SIR041 a displacement beyond the guard
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %z = zext i32 %i to i64
  %q = getelementptr i8, ptr %base, i64 %z
  %p = getelementptr i8, ptr %q, i64 2147483648
  %v = load i32, ptr %p, align 1
  ret i32 0
}
