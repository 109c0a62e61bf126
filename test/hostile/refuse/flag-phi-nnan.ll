; refuse: SIR023 poison for a NaN
; form: checked
define internal i32 @f(ptr %base, float %a) {
  br label %x
x:
  %p = phi nnan float [ %a, %0 ]
  ret i32 0
}
