; refuse: SIR026 attacks/t5.ll: popfq
; form: checked
declare void @llvm.x86.flags.write.u64(i64)
define internal i32 @f(ptr %base, i32 %i) {
  call void @llvm.x86.flags.write.u64(i64 0)
  ret i32 0
}
