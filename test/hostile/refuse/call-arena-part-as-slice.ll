; refuse: SIR053 a piece of the arena as a slice
; form: checked
define internal void @s(ptr %base, ptr "tessera.rw" %p, i64 %n) {
  ret void
}
define internal i32 @f(ptr %base, i32 %i) {
  %p = getelementptr i8, ptr %base, i64 65536
  call void @s(ptr %base, ptr %p, i64 100)
  ret i32 0
}
