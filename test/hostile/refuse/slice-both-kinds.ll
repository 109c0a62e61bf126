; refuse: SIR015 a slice that is both read-only and writable
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" "tessera.rw" %p, i64 %n) {
  ret i32 0
}
