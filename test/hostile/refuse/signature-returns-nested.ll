; refuse: SIR015 a struct in a struct
; form: checked
define internal { i32, { i32, i32 } } @f(ptr %base) {
  ret { i32, { i32, i32 } } zeroinitializer
}
