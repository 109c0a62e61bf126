; refuse: SIR040 attacks/t2.ll: an i1 that is loaded need not be 0 or 1
; form: checked
define internal i32 @f(ptr %base) {
  %p = getelementptr i8, ptr %base, i64 65536
  %b = load i1, ptr %p, align 1
  ret i32 0
}
