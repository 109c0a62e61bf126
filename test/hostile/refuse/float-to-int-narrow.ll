; refuse: SIR032 code generation assumes a narrow result to be in range
; form: checked
define internal i32 @f(ptr %base, double %d) {
  %k = fptoui double %d to i8
  %f = freeze i8 %k
  ret i32 0
}
