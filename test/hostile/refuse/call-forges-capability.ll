; refuse: SIR051 attacks/t3.ll: a number comes back as a capability
; form: checked
define internal i64 @g(ptr %base, i64 %x) {
  ret i64 %x
}
define internal i32 @f(ptr %base, i32 %i) {
  %k = call target("tessera.cap") @g(ptr %base, i64 7)
  ret i32 0
}
