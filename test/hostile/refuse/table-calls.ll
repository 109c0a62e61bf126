; refuse: SIR012 a call into a table
; form: checked
@t = internal constant [64 x i8] zeroinitializer
define internal i32 @f(ptr %base, i32 %i, i64 %x) {
  call void @t(ptr %base)
  ret i32 0
}
