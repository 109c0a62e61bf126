; refuse: SIR016 another target type
; form: checked
declare target("spirv.Event") @g(ptr)
define internal i32 @f(ptr %base, i32 %i) {
  %x = call target("spirv.Event") @g(ptr %base)
  ret i32 0
}
