; refuse: SIR026 a trap in the middle of a block
; form: checked
declare void @llvm.trap()
define internal i32 @f(ptr %base, i32 %i) {
  call void @llvm.trap()
  ret i32 0
}
