; refuse: SIR045 another frame is zeroed
; form: checked
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1 immarg)
define internal i32 @f(ptr %base, i32 %i, i64 %x) {
  %b = alloca [64 x i8], align 16
  call void @llvm.memset.p0.i64(ptr align 16 %b, i8 0, i64 64, i1 false)
  %a = alloca [64 x i8], align 16
  call void @llvm.memset.p0.i64(ptr align 16 %b, i8 0, i64 64, i1 false)
  ret i32 0
}
