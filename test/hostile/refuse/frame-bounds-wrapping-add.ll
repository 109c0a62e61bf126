; refuse: SIR046 an addition that wraps back
; form: checked
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1 immarg)
define internal i32 @f(ptr %base, i32 %i, i64 %x) {
  %a = alloca [64 x i8], align 16
  call void @llvm.memset.p0.i64(ptr align 16 %a, i8 0, i64 64, i1 false)
  %m = and i32 %i, 15
  %s = add i32 %m, -16
  %z = zext i32 %s to i64
  %p = getelementptr i8, ptr %a, i64 %z
  %v = load i8, ptr %p, align 1
  ret i32 0
}
