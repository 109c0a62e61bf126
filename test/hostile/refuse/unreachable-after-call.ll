; refuse: SIR035 attacks/t6.ll: a call that comes back
; form: checked
define internal void @g(ptr %base) {
  ret void
}
define internal i32 @f(ptr %base, i32 %i) {
  call void @g(ptr %base)
  unreachable
}
