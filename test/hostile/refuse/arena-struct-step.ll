; refuse: SIR041 a step over a struct
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %z = zext i32 %i to i64
  %p = getelementptr { i32, i32 }, ptr %base, i64 %z, i32 1
  %v = load i32, ptr %p, align 1
  ret i32 0
}
