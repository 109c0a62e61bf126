; refuse: SIR025 a slice's address becomes a number
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %x = ptrtoint ptr %p to i64
  ret i32 0
}
