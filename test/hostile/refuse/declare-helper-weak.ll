; refuse: SIR016 a weak helper is null where there is none
; form: checked
declare extern_weak i32 @tessera.memory_size(ptr)
define internal i32 @f(ptr %base) {
  ret i32 0
}
