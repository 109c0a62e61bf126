; refuse: SIR050 a pointer from a number, even unused
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %p = inttoptr i32 %i to ptr
  ret i32 0
}
