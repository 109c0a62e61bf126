; refuse: SIR014 attacks/t5.ll: no prologue, no end
; form: checked
define internal i32 @f(ptr %base) naked {
  ret i32 0
}
