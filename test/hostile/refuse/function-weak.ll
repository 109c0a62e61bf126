; refuse: SIR014 a weak function may be replaced
; form: checked
define weak i32 @f(ptr %base) {
  ret i32 0
}
