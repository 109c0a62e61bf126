; refuse: SIR041 a step of 8 bytes reaches 32 GiB
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %z = zext i32 %i to i64
  %p = getelementptr i64, ptr %base, i64 %z
  %v = load i32, ptr %p, align 1
  ret i32 0
}
