; refuse: SIR023 poison where the signs differ
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = icmp samesign ult i32 %i, 16
  ret i32 0
}
