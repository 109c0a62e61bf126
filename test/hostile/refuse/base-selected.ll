; refuse: SIR050 the arena's address merged
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %s = select i1 true, ptr %base, ptr %base
  ret i32 0
}
