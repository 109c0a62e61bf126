; refuse: SIR051 attacks: arguments whose types nobody knows
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = call i32 (ptr, ...) @f(ptr %base, i32 %i)
  ret i32 %x
}
