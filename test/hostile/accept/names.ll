; accept: names with every kind of character
; form: wire
define internal void @"a \22quoted\22 %name @ \01 \C3\A4"(ptr %base) {
  ret void
}
define internal void @memset(ptr %base, i32 %x, i64 %n) {
  ret void
}
define internal void @main(ptr %base, i32 %sp) "tessera.export"="main" {
  call void @memset(ptr %base, i32 0, i64 7)
  ret void
}
