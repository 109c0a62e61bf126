; refuse: SIR035 attacks/t4.ll
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  unreachable
}
