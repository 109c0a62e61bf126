; refuse: SIR026 sets the stack pointer
; form: checked
declare void @llvm.stackrestore.p0(ptr)
define internal i32 @f(ptr %base, i32 %i) {
  call void @llvm.stackrestore.p0(ptr %base)
  ret i32 0
}
