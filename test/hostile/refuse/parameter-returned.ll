; refuse: SIR014 attacks/t6.ll: a lie about the result
; form: checked
define internal i32 @f(ptr %base, i32 returned %i) {
  ret i32 0
}
