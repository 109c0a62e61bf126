; refuse: SIR012 thread-local storage is reached through a segment register
; form: checked
@g = internal thread_local constant [4 x i8] c"abcd"
define internal i32 @f(ptr %base) {
  ret i32 0
}
