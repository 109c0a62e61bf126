; refuse: SIR054 a capability is not cast
; form: checked
define internal i32 @f(ptr %base, target("tessera.cap") %k) {
  %x = bitcast target("tessera.cap") %k to target("tessera.cap")
  ret i32 0
}
