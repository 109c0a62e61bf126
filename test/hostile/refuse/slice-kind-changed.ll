; refuse: SIR049 a read-only slice handed down twice to become writable
; form: checked
define internal void @g(ptr %base, ptr "tessera.ro" %p, i64 %n) {
  call void @h(ptr %base, ptr %p, i64 %n)
  ret void
}
define internal void @h(ptr %base, ptr "tessera.rw" %p, i64 %n) {
  ret void
}
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n) {
  call void @g(ptr %base, ptr %p, i64 %n)
  ret i32 0
}
