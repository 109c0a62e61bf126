; refuse: SIR053 the arena as a slice
; form: checked
define internal void @s(ptr %base, ptr "tessera.rw" %p, i64 %n) {
  ret void
}
define internal i32 @f(ptr %base, i32 %i) {
  call void @s(ptr %base, ptr %base, i64 100)
  ret i32 0
}
