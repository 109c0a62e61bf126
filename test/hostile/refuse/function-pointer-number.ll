; refuse: SIR025 a function's address becomes a number
; form: checked
@t = internal constant [2 x ptr] [ptr @a, ptr @a]
define internal void @a(ptr %base, i32 %x, i32 %y) {
  ret void
}
define internal i32 @f(ptr %base, i32 %i) {
  %m = and i32 %i, 1
  %z = zext i32 %m to i64
  %p = getelementptr [2 x ptr], ptr @t, i64 0, i64 %z
  %g = load ptr, ptr %p
  %x = ptrtoint ptr %g to i64
  ret i32 0
}
