; refuse: SIR046 an offset without proof, in wire form
; form: wire
define internal i32 @f(ptr %base, i64 %x) {
  %a = alloca [64 x i8]
  %p = getelementptr i8, ptr %a, i64 %x
  store i32 1, ptr %p, align 1
  ret i32 0
}
