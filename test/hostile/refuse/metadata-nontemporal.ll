; refuse: SIR024 another kind of access
; form: checked
define internal i32 @f(ptr %base) {
  %p = getelementptr i8, ptr %base, i64 65536
  %v = load i32, ptr %p, align 1, !nontemporal !0
  ret i32 0
}
!0 = !{i32 1}
