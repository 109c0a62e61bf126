; refuse: SIR012 the address of a table becomes a number, as a constant
; form: checked
@g = internal constant [4 x i8] c"abcd"
define internal i32 @f(ptr %base) {
  ret i32 ptrtoint (ptr @g to i32)
}
