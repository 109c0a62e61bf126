; refuse: SIR014 a lie is undefined behaviour
; form: checked
define internal i32 @f(ptr noalias %base) {
  ret i32 0
}
