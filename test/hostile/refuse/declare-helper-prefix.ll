; refuse: SIR016 a name that begins as a helper's does
; form: checked
declare i32 @tessera.memory_size2(ptr)
define internal i32 @f(ptr %base) {
  ret i32 0
}
