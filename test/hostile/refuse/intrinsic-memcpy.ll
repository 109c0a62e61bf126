; refuse: SIR026 a length that nobody checks
; form: checked
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
define internal i32 @f(ptr %base, i32 %i) {
  call void @llvm.memcpy.p0.p0.i64(ptr %base, ptr %base, i64 9999999999, i1 false)
  ret i32 0
}
