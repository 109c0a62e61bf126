; refuse: SIR021 a leftover register, pinned: it may be another domain's
; form: checked
define internal i32 @f(ptr %base) {
  %x = freeze i32 poison
  ret i32 %x
}
