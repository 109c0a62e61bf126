; accept: each kind of listed intrinsic
; form: wire
define internal i32 @f(ptr %base, i32 %i, double %d, <4 x float> %v, i64 %l) {
  %1 = call i32 @llvm.smin.i32(i32 %i, i32 7)
  %2 = call i32 @llvm.abs.i32(i32 %1, i1 true)
  %3 = call i32 @llvm.ctlz.i32(i32 %2, i1 true)
  %4 = call i32 @llvm.cttz.i32(i32 %3, i1 false)
  %5 = call i32 @llvm.bswap.i32(i32 %4)
  %6 = call i32 @llvm.fshl.i32(i32 %5, i32 %i, i32 %i)
  %7 = call i32 @llvm.uadd.sat.i32(i32 %6, i32 %i)
  %8 = call double @llvm.sqrt.f64(double %d)
  %9 = call double @llvm.fma.f64(double %8, double %d, double 1.0)
  %10 = call i32 @llvm.fptosi.sat.i32.f64(double %9)
  %11 = call float @llvm.vector.reduce.fadd.v4f32(float 0.0, <4 x float> %v)
  %12 = fptosi float %11 to i32
  %13 = call { i32, i1 } @llvm.umul.with.overflow.i32(i32 %12, i32 %10)
  %14 = extractvalue { i32, i1 } %13, 0
  %15 = extractvalue { i32, i1 } %13, 1
  %16 = zext i1 %15 to i32
  %17 = call i8 @llvm.ucmp.i8.i64(i64 %l, i64 7)
  %18 = sext i8 %17 to i32
  %19 = add i32 %14, %16
  %20 = add i32 %19, %18
  %21 = add i32 %20, %7
  ret i32 %21
}
declare i32 @llvm.smin.i32(i32, i32)
declare i32 @llvm.abs.i32(i32, i1 immarg)
declare i32 @llvm.ctlz.i32(i32, i1 immarg)
declare i32 @llvm.cttz.i32(i32, i1 immarg)
declare i32 @llvm.bswap.i32(i32)
declare i32 @llvm.fshl.i32(i32, i32, i32)
declare i32 @llvm.uadd.sat.i32(i32, i32)
declare double @llvm.sqrt.f64(double)
declare double @llvm.fma.f64(double, double, double)
declare i32 @llvm.fptosi.sat.i32.f64(double)
declare float @llvm.vector.reduce.fadd.v4f32(float, <4 x float>)
declare { i32, i1 } @llvm.umul.with.overflow.i32(i32, i32)
declare i8 @llvm.ucmp.i8.i64(i64, i64)
