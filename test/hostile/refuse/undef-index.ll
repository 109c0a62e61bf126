; refuse: SIR021 attacks/t1.ll: the check and the access see different values
; form: checked
define internal i32 @f(ptr %base) {
  %p = getelementptr i8, ptr %base, i64 undef
  %v = load i32, ptr %p, align 1
  ret i32 %v
}
