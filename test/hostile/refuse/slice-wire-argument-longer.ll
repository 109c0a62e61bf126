; refuse: SIR053 a longer length, in wire form
; form: wire
define internal void @s(ptr %base, ptr "tessera.ro" %p, i64 %n) {
  ret void
}
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %m = add i64 %n, 1
  call void @s(ptr %base, ptr %p, i64 %m)
  ret i32 0
}
