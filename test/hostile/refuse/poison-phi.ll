; refuse: SIR021 poison by one way
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %c = icmp eq i32 %i, 0
  br i1 %c, label %a, label %b
a:
  br label %b
b:
  %x = phi i32 [ poison, %0 ], [ %i, %a ]
  ret i32 %x
}
