; refuse: SIR030 the mask is on the other operand
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %m = and i32 %i, 31
  %x = shl i32 %m, %i
  ret i32 %x
}
