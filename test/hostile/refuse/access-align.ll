; refuse: SIR043 a misaligned access is undefined behaviour
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %p = getelementptr i8, ptr %base, i64 65536
  %v = load i32, ptr %p, align 4
  ret i32 %v
}
