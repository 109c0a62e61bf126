; refuse: SIR017 a second name for method 1, so an ordinary export, which takes no number
; form: wire
define internal i32 @f(ptr %base, i32 %sp, i64 %state) "tessera.export"="0123456789abcdef/01" {
  ret i32 0
}
