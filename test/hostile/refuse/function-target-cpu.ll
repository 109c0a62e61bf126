; refuse: SIR014 instructions or registers that the kernel doesn't save
; form: checked
define internal i32 @f(ptr %base) "target-features"="+avx512f" {
  ret i32 0
}
