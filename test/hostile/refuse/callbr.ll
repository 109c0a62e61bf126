; refuse: SIR050 assembly with jumps
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  callbr void asm "", "!i"() to label %a [label %b]
a:
  ret i32 0
b:
  ret i32 1
}
