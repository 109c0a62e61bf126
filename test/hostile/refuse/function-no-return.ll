; refuse: SIR014 attacks/t6.ll: a function that says it never returns, and does
; form: checked
define internal i32 @f(ptr %base) noreturn {
  ret i32 0
}
