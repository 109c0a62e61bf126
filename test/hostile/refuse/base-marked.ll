; refuse: SIR015 the arena as a slice
; form: checked
define internal i32 @f(ptr "tessera.ro" %base, i64 %n) {
  ret i32 0
}
