; refuse: SIR044 an addition of floats
; form: checked
define internal i32 @f(ptr %base, i32 %i, float %f) {
  %m = and i32 %i, -4
  %z = zext i32 %m to i64
  %p = getelementptr i8, ptr %base, i64 %z
  %v = atomicrmw fadd ptr %p, float %f seq_cst, align 4
  ret i32 0
}
