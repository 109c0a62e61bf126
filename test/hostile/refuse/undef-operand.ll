; refuse: SIR021 each use may be another value
; form: checked
define internal i32 @f(ptr %base) {
  %x = add i32 undef, 1
  ret i32 %x
}
