; accept: lanes, shuffles, comparisons, masks
; form: wire
define internal <4 x i32> @f(ptr %base, <4 x i32> %v, <4 x i32> %w, i32 %i, float %x) {
  %1 = insertelement <4 x i32> poison, i32 %i, i64 0
  %2 = shufflevector <4 x i32> %1, <4 x i32> poison, <4 x i32> zeroinitializer
  %3 = icmp slt <4 x i32> %v, %2
  %4 = select <4 x i1> %3, <4 x i32> %v, <4 x i32> %w
  %5 = shl <4 x i32> %4, %w
  %6 = extractelement <4 x i32> %5, i32 %i
  %7 = insertelement <4 x i32> %5, i32 %6, i32 %i
  %8 = add <4 x i32> %7, <i32 1, i32 2, i32 undef, i32 4>
  %9 = freeze <4 x i1> %3
  %10 = shufflevector <4 x i32> %8, <4 x i32> %w, <8 x i32> <i32 0, i32 poison, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %11 = shufflevector <8 x i32> %10, <8 x i32> %10, <4 x i32> <i32 1, i32 3, i32 5, i32 7>
  %12 = call <4 x i32> @llvm.smax.v4i32(<4 x i32> %11, <4 x i32> %w)
  %13 = call i32 @llvm.vector.reduce.add.v4i32(<4 x i32> %12)
  %14 = insertelement <4 x i32> %12, i32 %13, i32 3
  ret <4 x i32> %14
}
declare <4 x i32> @llvm.smax.v4i32(<4 x i32>, <4 x i32>)
declare i32 @llvm.vector.reduce.add.v4i32(<4 x i32>)
