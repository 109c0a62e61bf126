; refuse: SIR025 leaks an address
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %n = ptrtoaddr ptr %base to i64
  ret i32 0
}
