; refuse: SIR013 a table of three entries can't be masked
; form: checked
@t = internal constant [3 x ptr] [ptr @a, ptr @a, ptr @a]
define internal void @a(ptr %base, i32 %x, i32 %y) {
  ret void
}

define internal i32 @f(ptr %base) {
  ret i32 0
}
