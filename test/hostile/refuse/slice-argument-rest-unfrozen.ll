; refuse: SIR053 the rest from a place that two uses may see differently
; form: checked
define internal void @s(ptr %base, ptr "tessera.ro" %p, i64 %n) {
  ret void
}
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %c = icmp ule i64 %a, %n
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %a
  %r = sub i64 %n, %a
  call void @s(ptr %base, ptr %q, i64 %r)
  ret i32 0
bad:
  ret i32 -1
}
