; refuse: SIR023 poison on overflow
; form: checked
define internal i32 @f(ptr %base, i32 %i, i32 %j) {
  %k = add nsw i32 %i, 100
  %z = zext i32 %k to i64
  %p = getelementptr i8, ptr %base, i64 %z
  %v = load i32, ptr %p, align 1
  ret i32 %v
}
