; refuse: SIR014 an alignment that eats the address space
; form: checked
define internal i32 @f(ptr %base) align 2147483648 {
  ret i32 0
}
