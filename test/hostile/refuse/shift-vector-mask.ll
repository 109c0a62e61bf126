; refuse: SIR030 one lane is not masked
; form: checked
define internal i32 @f(ptr %base, <4 x i32> %v, <4 x i32> %w) {
  %m = and <4 x i32> %w, <i32 31, i32 31, i32 -1, i32 31>
  %x = shl <4 x i32> %v, %m
  ret i32 0
}
