; refuse: SIR026 a debugger's trap goes on
; form: checked
declare void @llvm.debugtrap()
define internal i32 @f(ptr %base, i32 %i) {
  call void @llvm.debugtrap()
  unreachable
}
