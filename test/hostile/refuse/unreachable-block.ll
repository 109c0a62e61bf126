; refuse: SIR028 a block that nobody jumps to: no rule could say what holds there
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  ret i32 0
b:
  ret i32 1
}
