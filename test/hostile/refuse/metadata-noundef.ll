; refuse: SIR024 a lie about a racing load
; form: checked
define internal i32 @f(ptr %base) {
  %p = getelementptr i8, ptr %base, i64 65536
  %v = load i32, ptr %p, align 1, !noundef !0
  ret i32 0
}
!0 = !{}
