; refuse: SIR053 16 bytes from a place with 8
; form: checked
define internal void @s(ptr %base, ptr "tessera.ro" %p, i64 %n) {
  ret void
}
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %i = freeze i64 %a
  %e = icmp uge i64 %n, 8
  br i1 %e, label %en, label %bad
en:
  %l = sub i64 %n, 8
  %c = icmp ule i64 %i, %l
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %i
  call void @s(ptr %base, ptr %q, i64 16)
  ret i32 0
bad:
  ret i32 -1
}
