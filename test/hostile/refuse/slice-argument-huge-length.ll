; refuse: SIR053 a slice with a length of all ones
; form: checked
define internal void @s(ptr %base, ptr "tessera.ro" %p, i64 %n) {
  ret void
}
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  call void @s(ptr %base, ptr %p, i64 -1)
  ret i32 0
}
