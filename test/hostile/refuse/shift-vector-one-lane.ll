; refuse: SIR030 one lane is shifted by its width
; form: checked
define internal i32 @f(ptr %base, <4 x i32> %v) {
  %x = shl <4 x i32> %v, <i32 1, i32 2, i32 32, i32 3>
  ret i32 0
}
