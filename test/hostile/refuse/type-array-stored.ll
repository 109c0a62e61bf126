; refuse: SIR022 attacks/big1.ll
; form: checked
define internal i32 @f(ptr %base) {
  %p = getelementptr i8, ptr %base, i64 65536
  store [4 x i32] zeroinitializer, ptr %p, align 1
  ret i32 0
}
