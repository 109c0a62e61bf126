; refuse: SIR046 one byte beyond, in wire form
; form: wire
define internal i32 @f(ptr %base) {
  %a = alloca [64 x i8]
  %p = getelementptr i8, ptr %a, i64 61
  store i32 1, ptr %p, align 1
  ret i32 0
}
