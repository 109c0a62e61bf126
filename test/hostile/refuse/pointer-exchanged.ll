; refuse: SIR050 a pointer in an atomic exchange
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %p = getelementptr i8, ptr %base, i64 65536
  %q = atomicrmw xchg ptr %p, ptr %base seq_cst
  ret i32 0
}
