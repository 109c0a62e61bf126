; refuse: SIR017 no stack pointer
; form: checked
define internal void @f(ptr %base) "tessera.export"="go" {
  ret void
}
