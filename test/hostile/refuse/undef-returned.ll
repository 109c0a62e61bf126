; refuse: SIR021 a leftover register
; form: checked
define internal i32 @f(ptr %base) {
  ret i32 undef
}
