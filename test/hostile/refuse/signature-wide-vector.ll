; refuse: SIR015 a vector of 1024 bits
; form: checked
define internal i32 @f(ptr %base, <32 x i32> %x) {
  ret i32 0
}
