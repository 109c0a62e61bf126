; refuse: SIR015 an i128 as a parameter
; form: checked
define internal i32 @f(ptr %base, i128 %x) {
  ret i32 0
}
