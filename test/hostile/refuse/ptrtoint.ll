; refuse: SIR025 attacks/ni.ll: leaks an address
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %n = ptrtoint ptr %base to i64
  ret i32 0
}
