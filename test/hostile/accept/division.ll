; accept: divisions by constants, variables, of vectors
; form: wire
define internal i32 @f(ptr %base, i32 %i, i32 %j, <4 x i32> %v, <4 x i32> %w, i64 %l) {
  %1 = udiv i32 %i, 7
  %2 = sdiv i32 %1, %j
  %3 = urem i32 %2, %j
  %4 = srem i32 %3, -1
  %5 = sdiv <4 x i32> %v, %w
  %6 = urem <4 x i32> %5, %w
  %7 = extractelement <4 x i32> %6, i32 %4
  %8 = sdiv i64 %l, %l
  %9 = trunc i64 %8 to i8
  %10 = udiv i8 %9, %9
  %11 = zext i8 %10 to i32
  %12 = add i32 %11, %7
  ret i32 %12
}
