; refuse: SIR020 a vector of 1024 bits
; form: checked
define internal i32 @f(ptr %base, <16 x i32> %v) {
  %w = sext <16 x i32> %v to <16 x i64>
  ret i32 0
}
