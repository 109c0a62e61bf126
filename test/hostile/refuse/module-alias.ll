; refuse: SIR010 an alias gives a second name and type to a function
; form: checked
@g = alias i32 (ptr), ptr @f
define internal i32 @f(ptr %base) {
  ret i32 0
}
