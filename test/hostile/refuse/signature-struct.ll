; refuse: SIR015 a struct as a parameter
; form: checked
define internal i32 @f(ptr %base, { i32, i32 } %x) {
  ret i32 0
}
