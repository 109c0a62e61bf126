; refuse: SIR026 a lie about the result
; form: checked
declare i32 @llvm.smin.i32(i32, i32)
define internal i32 @f(ptr %base, i32 %i) {
  %x = call range(i32 0, 10) i32 @llvm.smin.i32(i32 %i, i32 4)
  ret i32 0
}
