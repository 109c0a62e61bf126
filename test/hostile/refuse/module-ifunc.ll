; refuse: SIR010 a resolver runs when the program is linked
; form: checked
@g = ifunc i32 (ptr), ptr @f
define internal i32 @f(ptr %base) {
  ret i32 0
}
