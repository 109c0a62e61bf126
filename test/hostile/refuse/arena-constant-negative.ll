; refuse: SIR041 a constant below the base
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %p = getelementptr i8, ptr %base, i64 -8
  %v = load i32, ptr %p, align 1
  ret i32 0
}
