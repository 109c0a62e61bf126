; refuse: SIR021 a leftover register is passed
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = call i32 @f(ptr %base, i32 poison)
  ret i32 %x
}
