; refuse: SIR034 field 1 was never filled
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %s = insertvalue { i32, i32, i32 } poison, i32 %i, 0
  %u = insertvalue { i32, i32, i32 } %s, i32 %i, 2
  %x = extractvalue { i32, i32, i32 } %u, 1
  ret i32 %x
}
