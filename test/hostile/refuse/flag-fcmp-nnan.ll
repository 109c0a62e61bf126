; refuse: SIR023 poison for a NaN
; form: checked
define internal i32 @f(ptr %base, float %a, float %b) {
  %x = fcmp nnan olt float %a, %b
  ret i32 0
}
