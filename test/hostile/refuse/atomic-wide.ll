; refuse: SIR044 16 bytes
; form: checked
define internal i32 @f(ptr %base, i32 %i, i32 %x) {
  %m = and i32 %i, -16
  %z = zext i32 %m to i64
  %p = getelementptr i8, ptr %base, i64 %z
  store atomic i128 0, ptr %p seq_cst, align 16
  ret i32 0
}
