; refuse: SIR014 attacks/t6.ll: a lie about memory reuses a stale length
; form: checked
define internal i32 @f(ptr %base) memory(none) {
  ret i32 0
}
