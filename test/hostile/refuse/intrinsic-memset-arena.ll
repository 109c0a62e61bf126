; refuse: SIR026 a length that nobody checks
; form: checked
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
define internal i32 @f(ptr %base, i32 %i) {
  %p = getelementptr i8, ptr %base, i64 65536
  call void @llvm.memset.p0.i64(ptr %p, i8 0, i64 9999999999, i1 false)
  ret i32 0
}
