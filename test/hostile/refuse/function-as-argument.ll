; refuse: SIR022 a function's address is passed as a slice
; form: checked
define internal void @s(ptr %base, ptr "tessera.ro" %p, i64 %n) {
  ret void
}
define internal i32 @f(ptr %base) {
  call void @s(ptr %base, ptr @s, i64 64)
  ret i32 0
}
