; refuse: SIR020 a struct is not selected
; form: checked
define internal i32 @f(ptr %base) {
  %s = insertvalue { i32, i32 } poison, i32 0, 0
  %t = insertvalue { i32, i32 } %s, i32 0, 1
  %u = select i1 true, { i32, i32 } %t, { i32, i32 } %t
  ret i32 0
}
