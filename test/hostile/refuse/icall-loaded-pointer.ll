; refuse: SIR040 a function pointer out of the arena (attacks/t4.ll)
; form: checked
define internal i32 @f(ptr %base) {
  %p = getelementptr i8, ptr %base, i64 65536
  %g = load ptr, ptr %p, align 1
  call void %g(ptr %base)
  ret i32 0
}
