; refuse: SIR026 attacks: poison for zero
; form: checked
declare i32 @llvm.ctlz.i32(i32, i1)
define internal i32 @f(ptr %base, i32 %i) {
  %x = call i32 @llvm.ctlz.i32(i32 %i, i1 true)
  ret i32 0
}
