; refuse: SIR015 a number where the arena must be
; form: checked
define internal i32 @f(i64 %base) {
  ret i32 0
}
