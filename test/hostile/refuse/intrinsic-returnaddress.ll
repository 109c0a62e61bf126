; refuse: SIR050 reads a return address
; form: checked
declare ptr @llvm.returnaddress(i32)
define internal i32 @f(ptr %base, i32 %i) {
  %x = call ptr @llvm.returnaddress(i32 0)
  ret i32 0
}
