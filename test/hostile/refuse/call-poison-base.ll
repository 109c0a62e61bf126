; refuse: SIR042 a leftover register as the arena
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = call i32 @f(ptr poison, i32 %i)
  ret i32 %x
}
