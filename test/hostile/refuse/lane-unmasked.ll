; refuse: SIR033 attacks/t1.ll: a lane outside is poison
; form: checked
define internal i32 @f(ptr %base, <4 x i32> %v, i32 %i) {
  %x = extractelement <4 x i32> %v, i32 %i
  ret i32 %x
}
