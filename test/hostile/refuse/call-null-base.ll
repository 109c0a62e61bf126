; refuse: SIR042 no arena
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %x = call i32 @f(ptr null, i32 %i)
  ret i32 %x
}
