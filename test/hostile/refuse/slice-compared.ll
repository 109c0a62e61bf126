; refuse: SIR050 where a slice lies
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %x = icmp eq ptr %p, null
  ret i32 0
}
