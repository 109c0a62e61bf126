; refuse: SIR017 a stack pointer of 64 bits
; form: checked
define internal void @f(ptr %base, i64 %sp) "tessera.export"="go" {
  ret void
}
