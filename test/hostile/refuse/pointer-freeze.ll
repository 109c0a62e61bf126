; refuse: SIR050 a pointer of no known provenance
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %p = freeze ptr %base
  ret i32 0
}
