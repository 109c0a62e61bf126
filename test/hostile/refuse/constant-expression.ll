; refuse: SIR022 an expression instead of a number
; form: checked
define internal i64 @f(ptr %base) {
  ret i64 ptrtoint (ptr inttoptr (i64 1 to ptr) to i64)
}
