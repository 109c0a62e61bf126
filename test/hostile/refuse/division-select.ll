; refuse: SIR031 attacks/t2.ll
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %c = icmp ult i32 %i, 16
  %s = select i1 %c, i32 %i, i32 0
  %x = udiv i32 100, %s
  ret i32 %x
}
