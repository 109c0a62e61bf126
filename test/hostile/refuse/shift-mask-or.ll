; refuse: SIR030 an or is no mask
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %m = or i32 %i, 31
  %x = ashr i32 1, %m
  ret i32 %x
}
