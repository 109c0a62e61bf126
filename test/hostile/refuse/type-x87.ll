; refuse: SIR020 x87 floats are not in the dialect
; form: checked
define internal i32 @f(ptr %base, double %x) {
  %h = fpext double %x to x86_fp80
  ret i32 0
}
