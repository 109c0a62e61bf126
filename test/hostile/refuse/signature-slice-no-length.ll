; refuse: SIR015 a slice without its length
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p) {
  ret i32 0
}
