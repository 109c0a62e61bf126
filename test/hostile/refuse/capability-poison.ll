; refuse: SIR021 attacks: a leftover register as a capability
; form: checked
define internal target("tessera.cap") @f(ptr %base) {
  ret target("tessera.cap") poison
}
