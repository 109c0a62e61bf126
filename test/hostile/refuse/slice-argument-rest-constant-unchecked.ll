; refuse: SIR053 the rest behind the first 8 bytes of a shorter slice
; form: checked
define internal void @s(ptr %base, ptr "tessera.ro" %p, i64 %n) {
  ret void
}
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %q = getelementptr i8, ptr %p, i64 8
  %r = sub i64 %n, 8
  call void @s(ptr %base, ptr %q, i64 %r)
  ret i32 0
}
