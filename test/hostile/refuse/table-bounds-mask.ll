; refuse: SIR047 a mask that fits a byte, for eight
; form: checked
@t = internal constant [64 x i8] zeroinitializer
define internal i32 @f(ptr %base, i32 %i, i64 %x) {
  %m = and i64 %x, 63
  %p = getelementptr i8, ptr @t, i64 %m
  %v = load i64, ptr %p, align 1
  ret i32 0
}
