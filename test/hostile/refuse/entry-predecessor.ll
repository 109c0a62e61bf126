; refuse: SIR028 a jump to the entry
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
l:
  br label %l
}
