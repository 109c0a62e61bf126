; refuse: SIR042 the arena's address in a struct
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %s = insertvalue { ptr, i64 } poison, ptr %base, 0
  ret i32 0
}
