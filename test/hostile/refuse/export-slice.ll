; refuse: SIR017 a slice from nowhere
; form: checked
define internal void @f(ptr %base, i32 %sp, ptr "tessera.ro" %p, i64 %n) "tessera.export"="go" {
  ret void
}
