; refuse: SIR015 a pointer that is no slice
; form: checked
define internal i32 @f(ptr %base, ptr %p) {
  ret i32 0
}
