; refuse: SIR023 poison where negative
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = uitofp nneg i32 %i to float
  ret i32 0
}
