; refuse: SIR041 a constant beyond arena and guard
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %p = getelementptr i8, ptr %base, i64 6442450944
  %v = load i32, ptr %p, align 1
  ret i32 0
}
