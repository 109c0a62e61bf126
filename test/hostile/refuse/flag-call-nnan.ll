; refuse: SIR023 poison for a NaN
; form: checked
declare float @llvm.sqrt.f32(float)
define internal i32 @f(ptr %base, float %a) {
  %x = call nnan float @llvm.sqrt.f32(float %a)
  ret i32 0
}
