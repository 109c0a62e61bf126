; refuse: SIR020 a vector of three lanes
; form: checked
define internal i32 @f(ptr %base, <4 x i32> %v) {
  %w = shufflevector <4 x i32> %v, <4 x i32> %v, <3 x i32> <i32 0, i32 1, i32 2>
  ret i32 0
}
