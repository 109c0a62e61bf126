; refuse: SIR014 a visible function could take the place of a kernel's symbol
; form: checked
define i32 @f(ptr %base) {
  ret i32 0
}
