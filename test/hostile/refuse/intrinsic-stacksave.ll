; refuse: SIR050 reads the stack pointer
; form: checked
declare ptr @llvm.stacksave.p0()
define internal i32 @f(ptr %base, i32 %i) {
  %x = call ptr @llvm.stacksave.p0()
  ret i32 0
}
