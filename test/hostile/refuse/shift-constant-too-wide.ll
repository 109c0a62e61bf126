; refuse: SIR030 a shift by the width
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = lshr i32 %i, 32
  ret i32 %x
}
