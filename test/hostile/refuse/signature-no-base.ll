; refuse: SIR015 no arena
; form: checked
define internal i32 @f() {
  ret i32 0
}
