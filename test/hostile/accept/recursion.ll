; accept: a function that calls itself for ever
; form: wire
define internal i32 @f(ptr %base, i32 %i) {
  %x = call i32 @f(ptr %base, i32 %i)
  %y = add i32 %x, 1
  ret i32 %y
}
