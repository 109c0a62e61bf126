; refuse: SIR048 the length that is compared is loaded anew each time
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %x, i64 %y) {
  %a = freeze i64 %x
  %b = freeze i64 %y
  %small = icmp ule i64 %a, %n
  %g = icmp ne i64 %a, 0
  br i1 %g, label %l, label %out
l:
  %i = phi i64 [ 0, %0 ], [ %j, %l ]
  %w = getelementptr i8, ptr %base, i64 65536
  %r = load i64, ptr %w, align 1
  %s = freeze i64 %r
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  %j = add i64 %i, 1
  %c = icmp ult i64 %j, %s
  br i1 %c, label %l, label %out
out:
  ret i32 0
}
