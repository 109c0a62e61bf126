; refuse: SIR024 an inexact division
; form: checked
define internal i32 @f(ptr %base, float %a, float %b) {
  %x = fdiv float %a, %b, !fpmath !0
  ret i32 0
}
!0 = !{float 2.5e0}
