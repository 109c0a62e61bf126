; refuse: SIR017 the same in wire form
; form: wire
define internal i64 @f(ptr %base, i32 %sp) "tessera.export"="go" {
  ret i64 0
}
