; refuse: SIR015 attacks/big2.ll: an integer of 4096 bits
; form: checked
define internal i4096 @f(ptr %base, i4096 %x) {
  ret i4096 %x
}
