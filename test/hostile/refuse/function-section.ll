; refuse: SIR014 a section of its own
; form: checked
define internal i32 @f(ptr %base) section ".data" {
  ret i32 0
}
