; refuse: SIR032 one bit
; form: checked
define internal i32 @f(ptr %base, double %d) {
  %k = fptoui double %d to i1
  %f = freeze i1 %k
  ret i32 0
}
