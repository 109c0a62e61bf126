; refuse: SIR044 an atomic exchange in a constant table
; form: checked
@t = internal constant [64 x i8] zeroinitializer
define internal i32 @f(ptr %base, i32 %i, i64 %x) {
  %p = getelementptr i8, ptr @t, i64 4
  %v = atomicrmw add ptr %p, i32 1 seq_cst, align 4
  ret i32 0
}
