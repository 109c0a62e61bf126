; refuse: SIR033 a mask that lets lane 2 through
; form: checked
define internal i32 @f(ptr %base, <2 x i64> %v, i32 %i) {
  %m = and i32 %i, 3
  %x = insertelement <2 x i64> %v, i64 1, i32 %m
  ret i32 0
}
