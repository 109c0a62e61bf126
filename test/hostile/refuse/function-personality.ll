; refuse: SIR014 a personality runs when the stack is unwound
; form: checked
define internal i32 @f(ptr %base) personality ptr null {
  ret i32 0
}
