; refuse: SIR012 attacks/bad.ll: a global that holds a capability
; form: checked
@g = external global target("tessera.cap")
define internal i32 @f(ptr %base) {
  ret i32 0
}
