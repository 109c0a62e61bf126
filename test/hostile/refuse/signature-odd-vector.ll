; refuse: SIR015 a vector of three lanes
; form: checked
define internal i32 @f(ptr %base, <3 x i32> %x) {
  ret i32 0
}
