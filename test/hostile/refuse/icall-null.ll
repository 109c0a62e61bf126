; refuse: SIR052 a call of null
; form: checked
define internal i32 @f(ptr %base) {
  call void null(ptr %base)
  ret i32 0
}
