; refuse: SIR014 attacks/t4.ll: a caller without it leaves the upper bits
; form: checked
define internal i32 @f(ptr %base, i32 zeroext %i) {
  ret i32 0
}
