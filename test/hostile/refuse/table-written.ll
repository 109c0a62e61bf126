; refuse: SIR012 a constant table is written
; form: checked
@t = internal constant [64 x i8] zeroinitializer
define internal i32 @f(ptr %base, i32 %i, i64 %x) {
  store i32 0, ptr @t, align 1
  ret i32 0
}
