; refuse: SIR014 a hidden pointer and a hidden copy
; form: checked
define internal i32 @f(ptr byval(i64) %base) {
  ret i32 0
}
