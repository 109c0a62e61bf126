; refuse: SIR012 the address of a table becomes a number
; form: checked
@g = internal constant [4 x i8] c"abcd"
define internal i32 @f(ptr %base) {
  %n = ptrtoint ptr @g to i32
  ret i32 %n
}
