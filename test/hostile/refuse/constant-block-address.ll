; refuse: SIR028 the address of a block
; form: checked
define internal i32 @f(ptr %base) {
  %n = ptrtoint ptr blockaddress(@f, %b) to i64
  br label %b
b:
  ret i32 0
}
