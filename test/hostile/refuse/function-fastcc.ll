; refuse: SIR014 another convention
; form: checked
define internal fastcc i32 @f(ptr %base) {
  ret i32 0
}
