; refuse: SIR023 poison for a NaN
; form: checked
define internal i32 @f(ptr %base, float %a) {
  %x = fneg nnan float %a
  ret i32 0
}
