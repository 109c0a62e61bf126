; refuse: SIR034 a struct starts out as undef
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %s = insertvalue { i32, i32 } undef, i32 %i, 0
  %u = insertvalue { i32, i32 } %s, i32 %i, 1
  ret i32 0
}
