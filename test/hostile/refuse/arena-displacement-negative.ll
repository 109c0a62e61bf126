; refuse: SIR041 a displacement below the base
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %z = zext i32 %i to i64
  %q = getelementptr i8, ptr %base, i64 %z
  %p = getelementptr i8, ptr %q, i64 -4096
  %v = load i32, ptr %p, align 1
  ret i32 0
}
