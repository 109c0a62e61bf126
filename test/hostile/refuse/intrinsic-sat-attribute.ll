; refuse: SIR026 a lie about the result
; form: checked
declare i32 @llvm.fptosi.sat.i32.f64(double)
define internal i32 @f(ptr %base, double %d) {
  %x = call range(i32 0, 10) i32 @llvm.fptosi.sat.i32.f64(double %d)
  ret i32 0
}
