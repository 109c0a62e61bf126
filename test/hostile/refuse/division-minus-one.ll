; refuse: SIR031 MIN / -1 overflows
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = sdiv i32 %i, -1
  ret i32 %x
}
