; refuse: SIR012 an entry that is a data table
; form: checked
@d = internal constant [4 x i8] c"abcd"
@t = internal constant [2 x ptr] [ptr @d, ptr @d]
define internal i32 @f(ptr %base) {
  ret i32 0
}
