; refuse: SIR026 a dead frame
; form: checked
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
declare void @llvm.lifetime.start.p0(ptr)
define internal i32 @f(ptr %base, i32 %i) {
  %a = alloca [16 x i8], align 16
  call void @llvm.memset.p0.i64(ptr align 16 %a, i8 0, i64 16, i1 false)
  call void @llvm.lifetime.start.p0(ptr %a)

  ret i32 0
}
