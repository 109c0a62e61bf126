; refuse: SIR034 field 0 was never filled
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %s = insertvalue { i32, i32 } poison, i32 %i, 1
  %x = extractvalue { i32, i32 } %s, 0
  ret i32 %x
}
