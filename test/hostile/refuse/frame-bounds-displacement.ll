; refuse: SIR046 a constant behind a masked offset
; form: checked
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1 immarg)
define internal i32 @f(ptr %base, i32 %i, i64 %x) {
  %a = alloca [64 x i8], align 16
  call void @llvm.memset.p0.i64(ptr align 16 %a, i8 0, i64 64, i1 false)
  %m = and i64 %x, 31
  %q = getelementptr i8, ptr %a, i64 %m
  %p = getelementptr i8, ptr %q, i64 32
  store i64 0, ptr %p, align 1
  ret i32 0
}
