; refuse: SIR014 a partition
; form: checked
define internal i32 @f(ptr %base) partition "p" {
  ret i32 0
}
