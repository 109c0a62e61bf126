; refuse: SIR024 metadata of an unknown kind
; form: checked
define internal i32 @f(ptr %base) {
  %p = getelementptr i8, ptr %base, i64 65536
  %v = load i32, ptr %p, align 1, !unknown.kind !0
  ret i32 0
}
!0 = !{i32 7}
