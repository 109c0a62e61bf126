; refuse: SIR017 told of an object's end, and given more than its state
; form: wire
define internal i32 @f(ptr %base, i32 %sp, i64 %state, i64 %more) "tessera.export"="0123456789abcdef/released" {
  ret i32 0
}
