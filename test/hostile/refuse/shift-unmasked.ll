; refuse: SIR030 attacks/t1.ll: an oversize shift is poison
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = shl i32 1, %i
  ret i32 %x
}
