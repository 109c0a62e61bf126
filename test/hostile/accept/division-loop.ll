; accept: a division in a loop splits its block; phis follow
; form: wire
define internal i32 @f(ptr %base, i32 %n, i32 %d) {
entry:
  %q0 = udiv i32 %n, %d
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %s = phi i32 [ %q0, %entry ], [ %q, %loop ]
  %q = sdiv i32 %s, %i
  %next = add i32 %i, 1
  %c = icmp ult i32 %next, %n
  br i1 %c, label %loop, label %done
done:
  ret i32 %q
}
