; refuse: SIR026 an intrinsic that is declared to take another second operand
; form: checked
declare i64 @llvm.smin.i64(i64, target("tessera.cap"))
define internal i32 @f(ptr %base, target("tessera.cap") %k) {
  %x = call i64 @llvm.smin.i64(i64 1, target("tessera.cap") %k)
  ret i32 0
}
