; refuse: SIR042 reads the caller's stack
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = va_arg ptr %base, i32
  ret i32 %x
}
