; refuse: SIR031 attacks/t2.ll as a whole: the division in front deletes the clamp
; form: checked
define internal i32 @f(ptr %base, i32 %i, i32 %d, i32 %n) {
  %c = icmp ult i32 %i, 16
  %x = select i1 %c, i32 %i, i32 0
  %s = select i1 %c, i32 %d, i32 0
  %q = udiv i32 %n, %s
  %z = zext i32 %x to i64
  %p = getelementptr i8, ptr %base, i64 %z
  %v = load i8, ptr %p, align 1
  ret i32 %q
}
