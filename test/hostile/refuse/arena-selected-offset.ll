; refuse: SIR041 a selected offset of 64 bits
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %z = zext i32 %i to i64
  %c = icmp eq i32 %i, 0
  %s = select i1 %c, i64 %z, i64 -1
  %p = getelementptr i8, ptr %base, i64 %s
  %v = load i32, ptr %p, align 1
  ret i32 0
}
