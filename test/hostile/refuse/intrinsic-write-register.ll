; refuse: SIR025 attacks/t5.ll: sets the stack pointer
; form: checked
declare void @llvm.write_register.i64(metadata, i64)
define internal i32 @f(ptr %base, i32 %i) {
  call void @llvm.write_register.i64(metadata !0, i64 0)
  ret i32 0
}
!0 = !{!"rsp"}
