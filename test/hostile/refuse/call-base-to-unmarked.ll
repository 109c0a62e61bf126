; refuse: SIR042 the arena as a second pointer, to a function whose signature is refused only later
; form: checked
define internal i32 @f(ptr %base, i32 %x) {
  %v = call i32 @g(ptr %base, ptr %base)
  ret i32 %v
}
define internal i32 @g(ptr %base, ptr %p) {
  ret i32 0
}
