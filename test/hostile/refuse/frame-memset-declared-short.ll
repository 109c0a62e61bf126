; refuse: SIR045 a memset that is declared with one parameter
; form: checked
declare void @llvm.memset.p0.i64(ptr)
define internal i32 @f(ptr %base, i32 %i, i64 %x) {
  %a = alloca [64 x i8], align 16
  call void @llvm.memset.p0.i64(ptr align 16 %a)
  ret i32 0
}
