; refuse: SIR053 a slice with any length
; form: checked
define internal void @s(ptr %base, ptr "tessera.ro" %p, i64 %n) {
  ret void
}
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %i = freeze i64 %a
  call void @s(ptr %base, ptr %p, i64 %i)
  ret i32 0
}
