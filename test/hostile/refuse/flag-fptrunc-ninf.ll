; refuse: SIR023 poison for an infinity
; form: checked
define internal i32 @f(ptr %base, double %a) {
  %x = fptrunc ninf double %a to float
  ret i32 0
}
