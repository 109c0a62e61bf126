; refuse: SIR022 a lane of a vector that is poison
; form: checked
define internal i32 @f(ptr %base, <2 x i32> %v) {
  %x = add <2 x i32> %v, <i32 1, i32 poison>
  ret i32 0
}
