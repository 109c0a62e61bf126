; refuse: SIR044 an alignment that isn't so
; form: checked
define internal i32 @f(ptr %base, i32 %i, i32 %x) {
  %m = and i32 %i, -4
  %z = zext i32 %m to i64
  %p = getelementptr i8, ptr %base, i64 %z
  %v = load atomic i32, ptr %p seq_cst, align 16
  ret i32 0
}
