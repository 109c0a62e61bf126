; refuse: SIR052 tessera.try with a function of another type
; form: checked
declare i32 @tessera.try(ptr, ptr, i32, i32)
@t = internal constant [2 x ptr] [ptr @a, ptr @a]
define internal void @a(ptr %base, i32 %x, i64 %y) {
  ret void
}
define internal i32 @f(ptr %base, i32 %i) {
  %m = and i32 %i, 1
  %z = zext i32 %m to i64
  %p = getelementptr [2 x ptr], ptr @t, i64 0, i64 %z
  %g = load ptr, ptr %p
  %r = call i32 @tessera.try(ptr %base, ptr %g, i32 0, i32 0)
  ret i32 0
}
