; refuse: SIR040 a pointer out of data memory
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %p = getelementptr i8, ptr %base, i64 65536
  %q = load ptr, ptr %p, align 1
  ret i32 0
}
