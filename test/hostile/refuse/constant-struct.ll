; refuse: SIR022 a struct as a constant
; form: checked
define internal { i32, i32 } @f(ptr %base) {
  ret { i32, i32 } zeroinitializer
}
