; refuse: SIR044 at the base itself
; form: checked
define internal i32 @f(ptr %base) {
  %v = load atomic i32, ptr %base seq_cst, align 4
  ret i32 0
}
