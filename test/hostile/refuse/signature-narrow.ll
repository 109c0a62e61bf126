; refuse: SIR015 an i8 argument leaves the register's other bits to chance
; form: checked
define internal i32 @f(ptr %base, i8 %x) {
  ret i32 0
}
