; refuse: SIR041 a scaled offset reaches 32 GiB
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %z = zext i32 %i to i64
  %s = shl i64 %z, 3
  %p = getelementptr i8, ptr %base, i64 %s
  %v = load i32, ptr %p, align 1
  ret i32 0
}
