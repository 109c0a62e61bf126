; refuse: SIR015 a capability type with parameters
; form: checked
define internal i32 @f(ptr %base, target("tessera.cap", 1) %x) {
  ret i32 0
}
