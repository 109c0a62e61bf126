; refuse: SIR050 attacks/ni.ll: forges a pointer
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %p = inttoptr i32 %i to ptr
  %v = load i32, ptr %p, align 1
  ret i32 %v
}
