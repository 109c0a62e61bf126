; refuse: SIR033 a lane outside
; form: checked
define internal i32 @f(ptr %base, <4 x i32> %v, i32 %i) {
  %x = insertelement <4 x i32> %v, i32 1, i32 %i
  ret i32 0
}
