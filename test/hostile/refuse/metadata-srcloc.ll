; refuse: SIR024 a place in assembly
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = add i32 %i, 1, !srcloc !0
  ret i32 0
}
!0 = !{i64 1}
