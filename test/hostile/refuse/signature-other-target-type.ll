; refuse: SIR015 another target type, which has a layout and can be stored
; form: checked
define internal i32 @f(ptr %base, target("spirv.Event") %x) {
  ret i32 0
}
