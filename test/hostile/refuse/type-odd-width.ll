; refuse: SIR020 attacks/t1.ll: an i4 index reached 255
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %t = trunc i32 %i to i4
  %z = zext i4 %t to i32
  ret i32 %z
}
