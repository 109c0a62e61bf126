; refuse: SIR014 attacks/t1.ll: a lie about the range deletes the check
; form: checked
define internal i32 @f(ptr %base, i32 range(i32 0, 10) %i) {
  ret i32 0
}
