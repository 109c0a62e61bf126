; refuse: SIR042 jumps to a number
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  indirectbr ptr %base, [label %a]
a:
  ret i32 0
}
