; refuse: SIR012 address space 256 is the gs segment
; form: checked
@g = internal addrspace(256) constant [4 x i8] c"abcd"
define internal i32 @f(ptr %base) {
  ret i32 0
}
