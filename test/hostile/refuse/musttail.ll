; refuse: SIR051 a tail call in another frame
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = musttail call i32 @f(ptr %base, i32 %i)
  ret i32 %x
}
