; refuse: SIR015 a vector of pointers
; form: checked
define internal i32 @f(ptr %base, <2 x ptr> %x) {
  ret i32 0
}
