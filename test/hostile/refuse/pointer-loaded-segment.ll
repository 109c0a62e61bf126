; refuse: SIR050 a pointer to the gs segment out of data memory
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %p = getelementptr i8, ptr %base, i64 65536
  %q = load ptr addrspace(256), ptr %p, align 1
  ret i32 0
}
