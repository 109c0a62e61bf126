; refuse: SIR041 attacks: a negative offset
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %z = sext i32 %i to i64
  %p = getelementptr i8, ptr %base, i64 %z
  %v = load i32, ptr %p, align 1
  ret i32 0
}
