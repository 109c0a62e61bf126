; refuse: SIR045 a frame larger than the limit, in wire form
; form: wire
define internal i32 @f(ptr %base) {
  %a = alloca [5000 x i8]
  store i32 1, ptr %a, align 1
  ret i32 0
}
