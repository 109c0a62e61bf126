; refuse: SIR024 memory model relaxation
; form: checked
define internal i32 @f(ptr %base) {
  %p = getelementptr i8, ptr %base, i64 65536
  %v = load i32, ptr %p, align 1, !mmra !0
  ret i32 0
}
!0 = !{!"a", !"b"}
