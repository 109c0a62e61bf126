; refuse: SIR031 one lane is divided by zero
; form: checked
define internal i32 @f(ptr %base, <2 x i32> %v) {
  %x = udiv <2 x i32> %v, <i32 1, i32 0>
  ret i32 0
}
