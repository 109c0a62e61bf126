; refuse: SIR051 a mark on a call
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = notail call i32 @f(ptr %base, i32 %i)
  ret i32 %x
}
