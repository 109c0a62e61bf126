; refuse: SIR030 a mask that lets the width through
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %m = and i32 %i, 63
  %x = shl i32 1, %m
  ret i32 %x
}
