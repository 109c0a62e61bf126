; refuse: SIR013 an entry that is null
; form: checked
@t = internal constant [2 x ptr] [ptr @a, ptr null]
define internal void @a(ptr %base, i32 %x, i32 %y) {
  ret void
}

define internal i32 @f(ptr %base) {
  ret i32 0
}
