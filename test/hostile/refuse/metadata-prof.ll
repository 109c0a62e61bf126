; refuse: SIR024 a weight of a branch: harmless, but not in the dialect
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %c = icmp eq i32 %i, 0
  br i1 %c, label %a, label %b, !prof !0
a:
  ret i32 1
b:
  ret i32 0
}
!0 = !{!"branch_weights", i32 1, i32 9}
