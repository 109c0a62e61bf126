; refuse: SIR015 a borrowed slice leaves its function
; form: checked
define internal { ptr, i64 } @f(ptr %base) {
  ret { ptr, i64 } zeroinitializer
}
