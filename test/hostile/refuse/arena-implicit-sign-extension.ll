; refuse: SIR041 an index of 32 bits is sign-extended
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %p = getelementptr i8, ptr %base, i32 %i
  %v = load i32, ptr %p, align 1
  ret i32 0
}
