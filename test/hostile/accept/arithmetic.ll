; accept: every operation on integers and floats
; form: wire
define internal i64 @f(ptr %base, i32 %i, i64 %j, float %x, double %y) {
  %1 = add nuw nsw i32 %i, 100
  %2 = sub i32 %1, %i
  %3 = mul nsw i32 %2, 7
  %4 = and i32 %3, 255
  %5 = or disjoint i32 %4, 256
  %6 = xor i32 %5, -1
  %7 = shl nuw i32 %6, 3
  %8 = lshr exact i32 %7, 3
  %9 = ashr i32 %8, %i
  %10 = shl i32 %9, %i
  %11 = fadd fast float %x, 1.0
  %12 = fsub nnan float %11, %x
  %13 = fmul float %12, %x
  %14 = fdiv float %13, %x
  %15 = fneg float %14
  %16 = fcmp olt float %15, %x
  %17 = select i1 %16, i32 %10, i32 %9
  %18 = icmp samesign ult i32 %17, %i
  %19 = zext i1 %18 to i64
  %20 = sext i32 %17 to i64
  %21 = trunc nuw i64 %j to i32
  %22 = zext nneg i32 %21 to i64
  %23 = uitofp i32 %21 to double
  %24 = sitofp i64 %22 to float
  %25 = fptrunc double %23 to float
  %26 = fpext float %25 to double
  %27 = fptoui double %26 to i32
  %28 = fptosi float %24 to i64
  %29 = fptosi float %24 to i8
  %30 = sext i8 %29 to i64
  %31 = bitcast float %24 to i32
  %32 = zext i32 %31 to i64
  %33 = zext i32 %27 to i64
  %34 = freeze i64 %33
  %35 = zext i64 %j to i128
  %36 = mul i128 %35, %35
  %37 = lshr i128 %36, 64
  %38 = trunc i128 %37 to i64
  %39 = add i64 %38, %34
  %40 = add i64 %39, %32
  %41 = add i64 %40, %30
  %42 = add i64 %41, %28
  %43 = add i64 %42, %20
  %44 = add i64 %43, %19
  ret i64 %44
}
