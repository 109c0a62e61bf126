; refuse: SIR015 attacks/cap3.ll: a pointer in address space 10 can be forged
; form: checked
define internal i32 @f(ptr %base, ptr addrspace(10) %x) {
  ret i32 0
}
