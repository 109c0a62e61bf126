; refuse: SIR034 a result's field is replaced
; form: checked
declare { i32, i1 } @llvm.uadd.with.overflow.i32(i32, i32)
define internal i32 @f(ptr %base, i32 %i) {
  %s = call { i32, i1 } @llvm.uadd.with.overflow.i32(i32 %i, i32 1)
  %u = insertvalue { i32, i1 } %s, i32 7, 0
  ret i32 0
}
