; refuse: SIR021 a lane that the mask leaves open
; form: checked
define internal i32 @f(ptr %base, <2 x i32> %v) {
  %x = shufflevector <2 x i32> %v, <2 x i32> %v, <2 x i32> <i32 0, i32 poison>
  ret i32 0
}
