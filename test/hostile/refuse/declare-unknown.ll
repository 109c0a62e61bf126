; refuse: SIR016 a function that the kernel doesn't offer
; form: checked
declare void @kernel_panic(ptr)
define internal i32 @f(ptr %base) {
  ret i32 0
}
