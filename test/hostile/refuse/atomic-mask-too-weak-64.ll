; refuse: SIR044 a mask of four bytes for eight
; form: checked
define internal i32 @f(ptr %base, i32 %i, i32 %x) {
  %m = and i32 %i, -4
  %z = zext i32 %m to i64
  %p = getelementptr i8, ptr %base, i64 %z
  %v = load atomic i64, ptr %p seq_cst, align 8
  ret i32 0
}
