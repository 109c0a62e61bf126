; accept: a loop from the end to the beginning
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %x, i64 %y) {
  %a = freeze i64 %x
  %b = freeze i64 %y
  %g = icmp ne i64 %n, 0
  br i1 %g, label %l, label %out
l:
  %i = phi i64 [ %n, %0 ], [ %j, %l ]
  %j2 = add i64 %i, -1
  %q = getelementptr i8, ptr %p, i64 %j2
  %v = load i8, ptr %q, align 1
  %j = add i64 %i, -1
  %c = icmp ne i64 %j, 0
  br i1 %c, label %l, label %out
out:
  ret i32 0
}
