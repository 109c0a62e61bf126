; refuse: SIR032 attacks/t1.ll: out of range is poison
; form: checked
define internal i32 @f(ptr %base, double %d) {
  %k = fptoui double %d to i32
  ret i32 %k
}
