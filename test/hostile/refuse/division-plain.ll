; refuse: SIR031 attacks/t2.ll: a division by zero deleted a clamp
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = udiv i32 100, %i
  ret i32 %x
}
