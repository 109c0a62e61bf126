; refuse: SIR026 the reason must be part of the instruction
; form: checked
declare void @llvm.ubsantrap(i8)
define internal i32 @f(ptr %base, i32 %i) {
  %t = trunc i32 %i to i8
  %c = icmp eq i32 %i, 0
  br i1 %c, label %a, label %b
a:
  call void @llvm.ubsantrap(i8 %t)
  unreachable
b:
  ret i32 0
}
