; refuse: SIR026 a capability becomes a number
; form: checked
declare i64 @llvm.fptosi.sat.i64.f64(target("tessera.cap"))
define internal i32 @f(ptr %base, target("tessera.cap") %k) {
  %x = call i64 @llvm.fptosi.sat.i64.f64(target("tessera.cap") %k)
  ret i32 0
}
