; refuse: SIR026 attacks/t5.ll: any interrupt
; form: checked
declare void @llvm.x86.int(i8)
define internal i32 @f(ptr %base, i32 %i) {
  call void @llvm.x86.int(i8 3)
  ret i32 0
}
