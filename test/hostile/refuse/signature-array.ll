; refuse: SIR015 attacks/big1.ll: an array of 20000 as a value
; form: checked
define internal i32 @f(ptr %base, [20000 x i32] %x) {
  ret i32 0
}
