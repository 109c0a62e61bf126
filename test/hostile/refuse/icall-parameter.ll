; refuse: SIR015 a function pointer as a parameter
; form: checked
define internal i32 @f(ptr %base, ptr %g) {
  call void %g(ptr %base)
  ret i32 0
}
