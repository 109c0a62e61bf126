; refuse: SIR041 the byte at the base itself
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %v = load i32, ptr %base, align 1
  ret i32 %v
}
