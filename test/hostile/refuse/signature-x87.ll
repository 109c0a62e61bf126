; refuse: SIR015 an x87 float
; form: checked
define internal i32 @f(ptr %base, x86_fp80 %x) {
  ret i32 0
}
