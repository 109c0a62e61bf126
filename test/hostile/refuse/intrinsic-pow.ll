; refuse: SIR026 calls a library function
; form: checked
declare double @llvm.pow.f64(double, double)
define internal i32 @f(ptr %base, i32 %i) {
  %x = call double @llvm.pow.f64(double 1.0, double 2.0)
  ret i32 0
}
