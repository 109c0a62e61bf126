; refuse: SIR042 a frame as the arena reaches 4 GiB of stacks
; form: checked
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1 immarg)
define internal i32 @f(ptr %base, i32 %i) {
  %a = alloca [16 x i8], align 16
  call void @llvm.memset.p0.i64(ptr align 16 %a, i8 0, i64 16, i1 false)
  %x = call i32 @f(ptr %a, i32 %i)
  ret i32 %x
}
