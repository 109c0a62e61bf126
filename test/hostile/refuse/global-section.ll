; refuse: SIR012 a section of its own could be executable
; form: checked
@g = internal constant [4 x i8] c"abcd", section ".text"
define internal i32 @f(ptr %base) {
  ret i32 0
}
