; refuse: SIR051 a lie about the result
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = call range(i32 0, 10) i32 @f(ptr %base, i32 %i)
  ret i32 %x
}
