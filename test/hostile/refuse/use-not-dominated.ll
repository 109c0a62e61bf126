; refuse: SIR027 a value that is there by one way only
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %c = icmp eq i32 %i, 0
  br i1 %c, label %a, label %b
a:
  %x = add i32 %i, 1
  br label %b
b:
  ret i32 %x
}
