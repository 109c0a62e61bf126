; refuse: SIR045 an alloca in a loop eats the stack
; form: checked
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1 immarg)
define internal i32 @f(ptr %base, i32 %i, i64 %x) {
  br label %l
l:
  %a = alloca [64 x i8], align 16
  call void @llvm.memset.p0.i64(ptr align 16 %a, i8 0, i64 64, i1 false)
  %c = icmp eq i32 %i, 0
  br i1 %c, label %l, label %d
d:
  ret i32 0
}
