; refuse: SIR050 an address as a number
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  store i32 0, ptr inttoptr (i64 3735928559 to ptr), align 1
  ret i32 0
}
