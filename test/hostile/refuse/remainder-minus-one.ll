; refuse: SIR031 MIN % -1 overflows, and traps on x86
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = srem i32 %i, -1
  ret i32 %x
}
