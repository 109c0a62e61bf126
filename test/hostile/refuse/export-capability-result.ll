; refuse: SIR017 a capability as a result
; form: checked
define internal target("tessera.cap") @f(ptr %base, i32 %sp, target("tessera.cap") %c) "tessera.export"="go" {
  ret target("tessera.cap") %c
}
