; refuse: SIR026 calls whatever symbol it names
; form: checked
declare void @llvm.trap()
define internal i32 @f(ptr %base, i32 %i) {
  %c = icmp eq i32 %i, 0
  br i1 %c, label %a, label %b
a:
  call void @llvm.trap() "trap-func-name"="kernel_secret"
  unreachable
b:
  ret i32 0
}
