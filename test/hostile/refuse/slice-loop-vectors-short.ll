; refuse: SIR048 a loop in steps of 64 to an end that may be zero, or 64 times too far
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %q, i64 %m, i64 %x) {
  %w = freeze i64 %x
  %e = and i64 %w, 4294967232
  %im = icmp ule i64 %e, %m
  br i1 %im, label %fast, label %out
fast:
  br label %loop
loop:
  %i = phi i64 [ 0, %fast ], [ %next, %loop ]
  %a = getelementptr i8, ptr %q, i64 %i
  %v = load <32 x i8>, ptr %a, align 1
  %next = add i64 %i, 64
  %done = icmp eq i64 %next, %e
  br i1 %done, label %out, label %loop
out:
  ret i32 0
}
