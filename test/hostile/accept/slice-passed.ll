; accept: the whole slice passed on
; form: wire
define internal void @s(ptr %base, ptr "tessera.ro" %p, i64 %n) {
  ret void
}
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  call void @s(ptr %base, ptr %p, i64 %n)
  ret i32 0
}
