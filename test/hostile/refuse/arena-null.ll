; refuse: SIR050 a store to null deletes a check (attacks/t6.ll)
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  store i32 0, ptr null, align 1
  ret i32 0
}
