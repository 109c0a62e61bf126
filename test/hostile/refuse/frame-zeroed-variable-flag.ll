; refuse: SIR045 a flag that is no constant
; form: checked
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1 immarg)
define internal i32 @f(ptr %base, i32 %i, i64 %x) {
  %c = icmp eq i32 %i, 0
  %a = alloca [64 x i8], align 16
  call void @llvm.memset.p0.i64(ptr align 16 %a, i8 0, i64 64, i1 %c)
  ret i32 0
}
