; refuse: SIR017 a parameter that the kernel would not fill
; form: checked
define internal void @f(ptr %base, i32 %sp, i32 %x) "tessera.export"="go" {
  ret void
}
