; refuse: SIR020 a vector of i128
; form: checked
define internal i32 @f(ptr %base, <4 x i32> %v) {
  %w = sext <4 x i32> %v to <4 x i128>
  ret i32 0
}
