; refuse: SIR051 a tail call
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = tail call i32 @f(ptr %base, i32 %i)
  ret i32 %x
}
