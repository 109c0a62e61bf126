; refuse: SIR010 assembly at module level runs whatever it says
; form: checked
module asm "hlt"
define internal i32 @f(ptr %base) {
  ret i32 0
}
