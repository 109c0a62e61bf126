; refuse: SIR026 attacks/t1.ll: deleted the check
; form: checked
declare void @llvm.assume(i1)
define internal i32 @f(ptr %base, i32 %i) {
  call void @llvm.assume(i1 true)
  ret i32 0
}
