; accept: a slice with a shorter length
; form: wire
define internal void @s(ptr %base, ptr "tessera.ro" %p, i64 %n) {
  ret void
}
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %i = freeze i64 %a
  %c = icmp ule i64 %i, %n
  br i1 %c, label %ok, label %bad
ok:
  call void @s(ptr %base, ptr %p, i64 %i)
  ret i32 0
bad:
  ret i32 -1
}
