; refuse: SIR053 a part that keeps the whole length
; form: checked
define internal void @s(ptr %base, ptr "tessera.ro" %p, i64 %n) {
  ret void
}
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %i = freeze i64 %a
  %c = icmp ule i64 %i, %n
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %i
  call void @s(ptr %base, ptr %q, i64 %n)
  ret i32 0
bad:
  ret i32 -1
}
