; refuse: SIR051 more arguments than the function has
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = call i32 @f(ptr %base, i32 %i, i32 %i)
  ret i32 %x
}
