; refuse: SIR050 a function's address is read out of its table byte by byte
; form: checked
@t = internal constant [2 x ptr] [ptr @a, ptr @a]
define internal void @a(ptr %base, i32 %x, i32 %y) {
  ret void
}
define internal i32 @f(ptr %base) {
  %p = getelementptr i8, ptr @t, i64 3
  %v = load i8, ptr %p, align 1
  ret i32 0
}
