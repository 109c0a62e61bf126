; refuse: SIR020 attacks/t7.ll
; form: checked
define internal i32 @f(ptr %base) {
  %p = getelementptr i8, ptr %base, i64 65536
  %b = load i4, ptr %p, align 1
  ret i32 0
}
