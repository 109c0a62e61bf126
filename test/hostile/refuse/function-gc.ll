; refuse: SIR014 a garbage collector's strategy
; form: checked
define internal i32 @f(ptr %base) gc "statepoint-example" {
  ret i32 0
}
