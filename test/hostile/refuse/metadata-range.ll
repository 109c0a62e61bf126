; refuse: SIR024 attacks/t1.ll: a lie deleted the check
; form: checked
define internal i32 @f(ptr %base) {
  %p = getelementptr i8, ptr %base, i64 65536
  %v = load i32, ptr %p, align 1, !range !0
  ret i32 0
}
!0 = !{i32 0, i32 10}
