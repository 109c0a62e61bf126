; refuse: SIR044 a misaligned store
; form: checked
define internal i32 @f(ptr %base, i32 %i, i32 %x) {
  %z = zext i32 %i to i64
  %p = getelementptr i8, ptr %base, i64 %z
  store atomic i32 %x, ptr %p seq_cst, align 4
  ret i32 0
}
