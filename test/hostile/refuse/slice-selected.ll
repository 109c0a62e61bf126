; refuse: SIR050 two slices merged
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %x = select i1 true, ptr %p, ptr %p
  ret i32 0
}
