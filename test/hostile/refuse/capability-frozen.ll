; refuse: SIR054 a capability is not frozen
; form: checked
define internal i32 @f(ptr %base, target("tessera.cap") %k) {
  %x = freeze target("tessera.cap") %k
  ret i32 0
}
