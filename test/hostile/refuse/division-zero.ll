; refuse: SIR031 attacks/t6.ll: a division by the constant 0
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = udiv i32 %i, 0
  ret i32 %x
}
