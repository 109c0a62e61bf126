; refuse: SIR021 attacks/t6.ll
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = select i1 true, i32 %i, i32 poison
  ret i32 %x
}
