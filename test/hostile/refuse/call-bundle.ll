; refuse: SIR051 an operand bundle
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = call i32 @f(ptr %base, i32 %i) [ "deopt"(i32 1) ]
  ret i32 %x
}
