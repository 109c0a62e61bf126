; refuse: SIR015 an i1 result
; form: checked
define internal i1 @f(ptr %base) {
  ret i1 true
}
