; refuse: SIR047 an offset without proof
; form: checked
@t = internal constant [64 x i8] zeroinitializer
define internal i32 @f(ptr %base, i32 %i, i64 %x) {
  %p = getelementptr i8, ptr @t, i64 %x
  %v = load i8, ptr %p, align 1
  ret i32 0
}
