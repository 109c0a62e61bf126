; refuse: SIR050 a frame in the gs segment
; form: checked
declare void @llvm.memset.p256.i64(ptr addrspace(256), i8, i64, i1 immarg)
define internal i32 @f(ptr %base) {
  %a = alloca [64 x i8], align 16, addrspace(256)
  call void @llvm.memset.p256.i64(ptr addrspace(256) align 16 %a, i8 0, i64 64, i1 false)
  ret i32 0
}
