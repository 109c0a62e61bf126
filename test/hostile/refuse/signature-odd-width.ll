; refuse: SIR015 attacks: odd integers are not masked
; form: checked
define internal i32 @f(ptr %base, i4 %x) {
  ret i32 0
}
