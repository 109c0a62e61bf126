; refuse: SIR014 attacks/t5.ll: these bytes are executed
; form: checked
define internal i32 @f(ptr %base) prologue i8 -52 {
  ret i32 0
}
