; refuse: SIR041 a constant first, then an offset
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %z = zext i32 %i to i64
  %q = getelementptr i8, ptr %base, i64 4294967296
  %p = getelementptr i8, ptr %q, i64 %z
  %v = load i32, ptr %p, align 1
  ret i32 0
}
