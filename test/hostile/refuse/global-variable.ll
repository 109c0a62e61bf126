; refuse: SIR012 a variable outside the arena is shared by all instances
; form: checked
@g = internal global [4 x i8] c"abcd"
define internal i32 @f(ptr %base) {
  ret i32 0
}
