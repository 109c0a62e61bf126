; refuse: SIR027 a phi without entries in the entry block is a leftover register
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %y = phi i32
  ret i32 %y
}
