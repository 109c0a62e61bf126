; refuse: SIR014 attacks/t5.ll: data in front of the code
; form: checked
define internal i32 @f(ptr %base) prefix i64 -1 {
  ret i32 0
}
