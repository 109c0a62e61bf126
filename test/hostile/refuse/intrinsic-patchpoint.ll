; refuse: SIR026 attacks/t5.ll: calls an address
; form: checked
declare i64 @llvm.experimental.patchpoint.i64(i64, i32, ptr, i32, ...)
define internal i32 @f(ptr %base, i32 %i) {
  %x = call i64 (i64, i32, ptr, i32, ...) @llvm.experimental.patchpoint.i64(i64 7, i32 20, ptr null, i32 0)
  ret i32 0
}
