; refuse: SIR024 a loop that must make progress
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  br label %l
l:
  %c = icmp ult i32 %i, 16
  br i1 %c, label %x, label %l, !llvm.loop !0
x:
  ret i32 0
}
!0 = distinct !{!0, !1}
!1 = !{!"llvm.loop.mustprogress"}
