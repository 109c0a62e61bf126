; refuse: SIR026 an instruction of a particular processor
; form: checked
declare <16 x i8> @llvm.x86.ssse3.pshuf.b.128(<16 x i8>, <16 x i8>)
define internal i32 @f(ptr %base, i32 %i) {
  %x = call <16 x i8> @llvm.x86.ssse3.pshuf.b.128(<16 x i8> zeroinitializer, <16 x i8> zeroinitializer)
  ret i32 0
}
