; refuse: SIR050 an address out of memory
; form: checked
declare ptr @llvm.load.relative.i64(ptr, i64)
define internal i32 @f(ptr %base, i32 %i) {
  %x = call ptr @llvm.load.relative.i64(ptr %base, i64 0)
  ret i32 0
}
