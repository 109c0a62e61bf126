; refuse: SIR012 an external global is any symbol of the kernel
; form: checked
@g = external global i32
define internal i32 @f(ptr %base) {
  ret i32 0
}
