; refuse: SIR027 a value that isn't there yet
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %a = add i32 %b, 1
  %b = add i32 %i, 1
  ret i32 %a
}
