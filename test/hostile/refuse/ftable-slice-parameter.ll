; refuse: SIR013 an indirect call would not say how long the slice is
; form: checked
@t = internal constant [1 x ptr] [ptr @s]
define internal void @s(ptr %base, ptr "tessera.ro" %p, i64 %n) {
  ret void
}
define internal i32 @f(ptr %base) {
  ret i32 0
}
