; refuse: SIR053 a slice with another's length
; form: checked
define internal void @s(ptr %base, ptr "tessera.ro" %p, i64 %n) {
  ret void
}
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, ptr "tessera.ro" %o, i64 %m) {
  call void @s(ptr %base, ptr %p, i64 %m)
  ret i32 0
}
