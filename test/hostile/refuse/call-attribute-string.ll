; refuse: SIR051 what it names could be called
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = call i32 @f(ptr %base, i32 %i) "probe-stack"="x"
  ret i32 %x
}
