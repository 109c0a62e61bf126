; refuse: SIR022 a lane of a vector that nobody wrote
; form: checked
define internal i32 @f(ptr %base, <2 x i32> %v) {
  %x = add <2 x i32> %v, <i32 1, i32 undef>
  ret i32 0
}
