; refuse: SIR022 a struct starts out as zeroes
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %s = insertvalue { i32, i32 } zeroinitializer, i32 %i, 0
  %x = extractvalue { i32, i32 } %s, 1
  ret i32 %x
}
