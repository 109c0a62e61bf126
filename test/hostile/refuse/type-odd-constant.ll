; refuse: SIR022 an i4 constant
; form: checked
define internal i32 @f(ptr %base) {
  %x = zext i4 7 to i32
  ret i32 %x
}
