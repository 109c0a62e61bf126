; refuse: SIR032 one use is frozen, another isn't
; form: checked
define internal i32 @f(ptr %base, double %d) {
  %k = fptosi double %d to i32
  %f = freeze i32 %k
  %x = add i32 %f, %k
  ret i32 %x
}
