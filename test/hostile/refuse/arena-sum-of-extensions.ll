; refuse: SIR041 two offsets added reach 8 GiB
; form: checked
define internal i32 @f(ptr %base, i32 %i, i32 %j) {
  %z = zext i32 %i to i64
  %y = zext i32 %j to i64
  %s = add i64 %z, %y
  %p = getelementptr i8, ptr %base, i64 %s
  %v = load i32, ptr %p, align 1
  ret i32 0
}
