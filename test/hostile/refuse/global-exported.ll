; refuse: SIR012 a visible table could take the place of the kernel's symbol
; form: checked
@g = constant [4 x i8] c"abcd"
define internal i32 @f(ptr %base) {
  ret i32 0
}
