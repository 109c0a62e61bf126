; accept: a constant behind the index
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %i = freeze i64 %a
  %e = icmp uge i64 %n, 12
  br i1 %e, label %en, label %bad
en:
  %l = sub i64 %n, 12
  %c = icmp ule i64 %i, %l
  br i1 %c, label %ok, label %bad
ok:
  %r = getelementptr i8, ptr %p, i64 %i
  %q = getelementptr i8, ptr %r, i64 8
  %v = load i32, ptr %q, align 1
  ret i32 %v
bad:
  ret i32 -1
}
