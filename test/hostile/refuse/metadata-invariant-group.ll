; refuse: SIR024 may be read twice
; form: checked
define internal i32 @f(ptr %base) {
  %p = getelementptr i8, ptr %base, i64 65536
  %v = load i32, ptr %p, align 1, !invariant.group !0
  ret i32 0
}
!0 = !{}
