; refuse: SIR027 two values for one block
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  switch i32 %i, label %b [
    i32 0, label %b
    i32 1, label %b
  ]
b:
  %y = phi i32 [ 1, %0 ], [ 2, %0 ], [ 3, %0 ]
  ret i32 %y
}
