; refuse: SIR014 attacks/t5.ll: ends with iretq
; form: checked
define internal x86_intrcc i32 @f(ptr %base) {
  ret i32 0
}
