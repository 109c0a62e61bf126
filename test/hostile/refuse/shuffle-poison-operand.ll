; refuse: SIR021 a vector of poison
; form: checked
define internal i32 @f(ptr %base, <2 x i32> %v) {
  %x = shufflevector <2 x i32> %v, <2 x i32> poison, <2 x i32> <i32 0, i32 0>
  ret i32 0
}
