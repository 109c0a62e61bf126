; refuse: SIR048 steps of eight may step over a multiple of four
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %x, i64 %y) {
  %a = freeze i64 %x
  %b = freeze i64 %y
  %m = and i64 %n, -4
  %g = icmp ugt i64 %m, 0
  br i1 %g, label %l, label %out
l:
  %i = phi i64 [ 0, %0 ], [ %j, %l ]
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i64, ptr %q, align 1
  %j = add i64 %i, 8
  %c = icmp ne i64 %j, %m
  br i1 %c, label %l, label %out
out:
  ret i32 0
}
