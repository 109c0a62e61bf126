; refuse: SIR016 a C library function by name
; form: checked
declare i32 @system(ptr)
define internal i32 @f(ptr %base) {
  ret i32 0
}
