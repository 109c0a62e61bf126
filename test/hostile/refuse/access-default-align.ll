; refuse: SIR043 no alignment means the natural one
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %p = getelementptr i8, ptr %base, i64 65536
  %v = load i32, ptr %p
  ret i32 %v
}
