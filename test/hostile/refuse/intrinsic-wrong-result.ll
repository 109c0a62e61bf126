; refuse: SIR026 an intrinsic that is declared to give a capability
; form: checked
declare target("tessera.cap") @llvm.smin.i64(i64, i64)
define internal i32 @f(ptr %base, i32 %i) {
  %x = call target("tessera.cap") @llvm.smin.i64(i64 1, i64 2)
  ret i32 0
}
