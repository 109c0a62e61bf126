; refuse: SIR024 a module flag changes code generation
; form: checked
!llvm.module.flags = !{!0}
!0 = !{i32 1, !"cf-protection-branch", i32 1}
define internal i32 @f(ptr %base) {
  ret i32 0
}
