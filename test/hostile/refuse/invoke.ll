; refuse: SIR022 unwinds
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  invoke i32 @f(ptr %base, i32 %i) to label %a unwind label %b
a:
  ret i32 0
b:
  %l = landingpad { ptr, i32 } cleanup
  ret i32 1
}
