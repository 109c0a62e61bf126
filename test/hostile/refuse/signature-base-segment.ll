; refuse: SIR015 attacks: address space 256 is the gs segment, where the kernel keeps its own
; form: checked
define internal i32 @f(ptr addrspace(256) %base) {
  ret i32 0
}
