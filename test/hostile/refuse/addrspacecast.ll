; refuse: SIR050 address space 256 is the gs segment
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %p = addrspacecast ptr %base to ptr addrspace(256)
  ret i32 0
}
