; refuse: SIR027 a value from a block that doesn't lead here
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %c = icmp eq i32 %i, 0
  br i1 %c, label %a, label %b
a:
  ret i32 0
b:
  %y = phi i32 [ %i, %0 ], [ 7, %a ]
  ret i32 %y
}
