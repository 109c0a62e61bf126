; refuse: SIR026 a poison bit that is no constant
; form: checked
declare i32 @llvm.ctlz.i32(i32, i1)
define internal i32 @f(ptr %base, i32 %i) {
  %c = icmp eq i32 %i, 7
  %x = call i32 @llvm.ctlz.i32(i32 %i, i1 %c)
  ret i32 0
}
