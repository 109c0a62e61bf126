; refuse: SIR015 an i1 argument
; form: checked
define internal i32 @f(ptr %base, i1 %x) {
  ret i32 0
}
