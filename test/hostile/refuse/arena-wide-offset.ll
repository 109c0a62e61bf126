; refuse: SIR041 an offset of 64 bits
; form: checked
define internal i32 @f(ptr %base, i64 %i) {
  %p = getelementptr i8, ptr %base, i64 %i
  %v = load i32, ptr %p, align 1
  ret i32 0
}
