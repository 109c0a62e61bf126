; refuse: SIR050 the arena's address merged
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  br label %x
x:
  %s = phi ptr [ %base, %0 ]
  ret i32 0
}
