; accept: an index times four below a quarter of the length
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %x, i64 %y) {
  %a = freeze i64 %x
  %b = freeze i64 %y
  %w = lshr i64 %n, 2
  %g = icmp ne i64 %w, 0
  br i1 %g, label %l, label %out
l:
  %i = phi i64 [ 0, %0 ], [ %j, %l ]
  %o = shl i64 %i, 2
  %q = getelementptr i8, ptr %p, i64 %o
  %v = load i32, ptr %q, align 1
  %j = add i64 %i, 1
  %c = icmp ne i64 %j, %w
  br i1 %c, label %l, label %out
out:
  ret i32 0
}
