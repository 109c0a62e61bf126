; refuse: SIR014 a hidden pointer
; form: checked
define internal void @f(ptr sret(i64) %base) {
  ret void
}
