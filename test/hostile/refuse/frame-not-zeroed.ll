; refuse: SIR045 attacks/t1.ll: what another function left behind
; form: checked
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1 immarg)
define internal i32 @f(ptr %base, i32 %i, i64 %x) {
  %a = alloca [64 x i8], align 16
  ret i32 0
}
