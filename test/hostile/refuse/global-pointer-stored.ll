; refuse: SIR012 the address of a table becomes data
; form: checked
@g = internal constant [4 x i8] c"abcd"
define internal i32 @f(ptr %base) {
  %p = getelementptr i8, ptr %base, i64 65536
  store ptr @g, ptr %p, align 1
  ret i32 0
}
