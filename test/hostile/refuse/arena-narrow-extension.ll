; refuse: SIR041 an offset of 33 bits
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %w = zext i32 %i to i64
  %s = shl i64 %w, 1
  %t = trunc i64 %s to i32
  %z = zext i32 %t to i64
  %y = add i64 %z, 1
  %p = getelementptr i8, ptr %base, i64 %y
  %v = load i32, ptr %p, align 1
  ret i32 0
}
