; refuse: SIR026 a clock that was not granted
; form: checked
declare i64 @llvm.readcyclecounter()
define internal i32 @f(ptr %base, i32 %i) {
  %x = call i64 @llvm.readcyclecounter()
  ret i32 0
}
