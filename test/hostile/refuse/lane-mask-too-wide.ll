; refuse: SIR033 a mask that lets lane 4 through
; form: checked
define internal i32 @f(ptr %base, <4 x i32> %v, i32 %i) {
  %m = and i32 %i, 7
  %x = extractelement <4 x i32> %v, i32 %m
  ret i32 %x
}
