; refuse: SIR041 a zero extension of another width
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %t = trunc i32 %i to i16
  %z = zext i16 %t to i64
  %p = getelementptr i8, ptr %base, i64 %z
  %v = load i32, ptr %p, align 1
  ret i32 0
}
