; refuse: SIR040 a pointer out of a table
; form: checked
@t = internal constant [64 x i8] zeroinitializer
define internal i32 @f(ptr %base, i32 %i, i64 %x) {
  %p = getelementptr i8, ptr @t, i64 8
  %v = load ptr, ptr %p, align 8
  ret i32 0
}
