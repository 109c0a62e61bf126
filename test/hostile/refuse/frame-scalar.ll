; refuse: SIR045 attacks/t1.ll
; form: checked
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1 immarg)
define internal i32 @f(ptr %base, i32 %i, i64 %x) {
  %a = alloca i32, align 4
  call void @llvm.memset.p0.i64(ptr align 4 %a, i8 0, i64 4, i1 false)
  ret i32 0
}
