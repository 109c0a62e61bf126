; refuse: SIR028 blocks that only reach each other
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  ret i32 0
b:
  br label %d
d:
  br label %b
}
