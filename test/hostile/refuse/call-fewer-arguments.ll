; refuse: SIR051 a missing argument is a leftover register
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = call i32 @f(ptr %base)
  ret i32 %x
}
