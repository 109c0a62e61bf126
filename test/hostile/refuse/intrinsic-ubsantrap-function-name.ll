; refuse: SIR026 calls whatever symbol it names
; form: checked
declare void @llvm.ubsantrap(i8)
define internal i32 @f(ptr %base, i32 %i) {
  %c = icmp eq i32 %i, 0
  br i1 %c, label %a, label %b
a:
  call void @llvm.ubsantrap(i8 1) "trap-func-name"="kernel_secret"
  unreachable
b:
  ret i32 0
}
