; refuse: SIR024 lets loops be made parallel
; form: checked
define internal i32 @f(ptr %base) {
  %p = getelementptr i8, ptr %base, i64 65536
  %v = load i32, ptr %p, align 1, !access.group !0
  ret i32 0
}
!0 = distinct !{}
