; refuse: SIR017 a method without a state
; form: checked
define internal i32 @f(ptr %base, i32 %sp) "tessera.export"="0123456789abcdef/0" {
  ret i32 0
}
