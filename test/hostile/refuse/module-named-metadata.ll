; refuse: SIR024 unknown metadata of the module
; form: checked
!llvm.linker.options = !{!0}
!0 = !{!"-lc"}
define internal i32 @f(ptr %base) {
  ret i32 0
}
