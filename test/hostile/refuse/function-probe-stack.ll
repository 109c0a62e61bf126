; refuse: SIR014 attacks/t5.ll: calls whatever symbol it names
; form: checked
define internal i32 @f(ptr %base) "probe-stack"="kernel_secret" {
  ret i32 0
}
