; refuse: SIR047 one byte beyond
; form: checked
@t = internal constant [64 x i8] zeroinitializer
define internal i32 @f(ptr %base, i32 %i, i64 %x) {
  %p = getelementptr i8, ptr @t, i64 61
  %v = load i32, ptr %p, align 1
  ret i32 0
}
