; refuse: SIR040 an i128 in memory, in wire form
; form: wire
define internal i32 @f(ptr %base, i32 %x) {
  %c = zext i32 %x to i128
  %p = getelementptr i8, ptr %base, i64 65536
  store i128 %c, ptr %p, align 1
  ret i32 0
}
