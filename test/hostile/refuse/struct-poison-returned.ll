; refuse: SIR021 a struct of poison
; form: checked
define internal { i32, i32 } @f(ptr %base) {
  ret { i32, i32 } poison
}
