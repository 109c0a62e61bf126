; refuse: SIR053 the rest of a slice from beyond its end
; form: checked
define internal void @s(ptr %base, ptr "tessera.ro" %p, i64 %n) {
  ret void
}
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %i = freeze i64 %a
  %q = getelementptr i8, ptr %p, i64 %i
  %r = sub i64 %n, %i
  call void @s(ptr %base, ptr %q, i64 %r)
  ret i32 0
}
