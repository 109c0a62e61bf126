; refuse: SIR033 a lane outside
; form: checked
define internal i32 @f(ptr %base, <4 x i32> %v) {
  %x = extractelement <4 x i32> %v, i32 4
  ret i32 %x
}
