; refuse: SIR023 attacks/t1.ll: poison where negative, so an index of 64 bits
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %z = zext nneg i32 %i to i64
  %p = getelementptr i8, ptr %base, i64 %z
  %v = load i32, ptr %p, align 1
  ret i32 %v
}
