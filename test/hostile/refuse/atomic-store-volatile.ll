; refuse: SIR044 volatile
; form: checked
define internal i32 @f(ptr %base, i32 %i, i32 %x) {
  %m = and i32 %i, -4
  %z = zext i32 %m to i64
  %p = getelementptr i8, ptr %base, i64 %z
  store atomic volatile i32 %x, ptr %p seq_cst, align 4
  ret i32 0
}
