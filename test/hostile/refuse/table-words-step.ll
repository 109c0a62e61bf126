; refuse: SIR050 attacks/t7.ll: steps of four bytes
; form: checked
@t = internal constant [64 x i8] zeroinitializer
define internal i32 @f(ptr %base, i32 %i, i64 %x) {
  %p = getelementptr [16 x i32], ptr @t, i64 0, i64 %x
  %v = load i32, ptr %p, align 1
  ret i32 0
}
