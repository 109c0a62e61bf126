; refuse: SIR014 attacks/t6.ll as a whole: a function that claims to do nothing
; form: checked
define internal void @kill(ptr %base) memory(none) {
  ret void
}
define internal i32 @f(ptr %base, i32 %i) {
  %q = getelementptr i8, ptr %base, i64 65536
  %l = load i32, ptr %q, align 1
  call void @kill(ptr %base)
  %m = load i32, ptr %q, align 1
  ret i32 %m
}
