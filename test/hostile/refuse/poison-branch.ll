; refuse: SIR021 attacks/t6.ll: a branch on poison is undefined behaviour
; form: checked
define internal i32 @f(ptr %base) {
  br i1 poison, label %a, label %b
a:
  ret i32 1
b:
  ret i32 2
}
