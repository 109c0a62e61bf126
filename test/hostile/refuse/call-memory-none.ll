; refuse: SIR051 attacks/t6.ll: a call that claims to do nothing
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = call i32 @f(ptr %base, i32 %i) memory(none)
  ret i32 %x
}
