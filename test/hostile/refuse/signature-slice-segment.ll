; refuse: SIR015 a slice in another address space
; form: checked
define internal i32 @f(ptr %base, ptr addrspace(257) "tessera.ro" %p, i64 %n) {
  ret i32 0
}
