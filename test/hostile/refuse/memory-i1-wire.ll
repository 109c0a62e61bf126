; refuse: SIR040 an i1 in memory, in wire form
; form: wire
define internal i32 @f(ptr %base, i32 %x) {
  %c = icmp eq i32 %x, 0
  %p = getelementptr i8, ptr %base, i64 65536
  store i1 %c, ptr %p, align 1
  ret i32 0
}
