; refuse: SIR015 a half float
; form: checked
define internal i32 @f(ptr %base, half %x) {
  ret i32 0
}
