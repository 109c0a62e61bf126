; refuse: SIR043 a misaligned access is undefined behaviour
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %p = getelementptr i8, ptr %base, i64 65536
  store i32 0, ptr %p, align 8
  ret i32 0
}
