; refuse: SIR014 an attribute that nobody knows
; form: checked
define internal i32 @f(ptr %base, i32 "thunk" %i) {
  ret i32 0
}
