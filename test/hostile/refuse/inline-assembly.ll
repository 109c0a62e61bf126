; refuse: SIR025 assembly is anything
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  call void asm sideeffect "syscall", ""()
  ret i32 0
}
