; refuse: SIR044 a constant that undoes the mask
; form: checked
define internal i32 @f(ptr %base, i32 %i, i32 %x) {
  %m = and i32 %i, -4
  %z = zext i32 %m to i64
  %p = getelementptr i8, ptr %base, i64 %z
  %q = getelementptr i8, ptr %p, i64 2
  %v = load atomic i32, ptr %q seq_cst, align 4
  ret i32 0
}
