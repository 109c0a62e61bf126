; refuse: SIR048 the index goes up by two while what is left goes down by one
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %x, i64 %y) {
  %a = freeze i64 %x
  %b = freeze i64 %y
  %g = icmp ne i64 %n, 0
  br i1 %g, label %l, label %out
l:
  %i = phi i64 [ 0, %0 ], [ %j, %l ]
  %k = phi i64 [ %n, %0 ], [ %m, %l ]
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  %j = add i64 %i, 2
  %m = add i64 %k, -1
  %c = icmp ne i64 %m, 0
  br i1 %c, label %l, label %out
out:
  ret i32 0
}
