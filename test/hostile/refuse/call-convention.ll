; refuse: SIR051 attacks/t6.ll: fastcc deleted a check
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = call fastcc i32 @f(ptr %base, i32 %i)
  ret i32 %x
}
