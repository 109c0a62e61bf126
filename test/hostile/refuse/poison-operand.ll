; refuse: SIR021 poison
; form: checked
define internal i32 @f(ptr %base) {
  %x = add i32 poison, 1
  ret i32 %x
}
