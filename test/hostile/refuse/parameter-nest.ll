; refuse: SIR014 a hidden register
; form: checked
define internal i32 @f(ptr nest %base) {
  ret i32 0
}
