; refuse: SIR027 a phi's value isn't there at the end of its block
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %c = icmp eq i32 %i, 0
  br i1 %c, label %a, label %b
a:
  %x = add i32 %i, 1
  br label %d
b:
  br label %d
d:
  %y = phi i32 [ %i, %a ], [ %x, %b ]
  ret i32 %y
}
