; refuse: SIR020 an i4
; form: checked
declare i4 @llvm.fptoui.sat.i4.f64(double)
define internal i32 @f(ptr %base, double %d) {
  %x = call i4 @llvm.fptoui.sat.i4.f64(double %d)
  ret i32 0
}
