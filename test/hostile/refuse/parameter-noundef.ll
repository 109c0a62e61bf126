; refuse: SIR014 a promise that a loaded value doesn't keep
; form: checked
define internal i32 @f(ptr %base, i32 noundef %i) {
  ret i32 0
}
