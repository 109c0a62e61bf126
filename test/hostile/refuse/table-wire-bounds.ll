; refuse: SIR047 one byte beyond, in wire form
; form: wire
@t = internal constant [4 x i8] c"abcd"
define internal i32 @f(ptr %base) {
  %p = getelementptr i8, ptr @t, i64 1
  %v = load i32, ptr %p, align 1
  ret i32 %v
}
