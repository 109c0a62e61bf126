; refuse: SIR015 a length that is marked as a slice makes the next parameter a trusted length
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 "tessera.ro" %n, i64 %x) {
  ret i32 0
}
