; refuse: SIR052 a call of a number
; form: checked
define internal i32 @f(ptr %base) {
  call void inttoptr (i64 3735928559 to ptr)(ptr %base)
  ret i32 0
}
