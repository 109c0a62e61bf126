; accept: two indexes meet, and both were compared
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %x, i64 %y) {
  %a = freeze i64 %x
  %b = freeze i64 %y
  %y2 = and i64 %b, 4095
  %k = icmp ult i64 %a, %n
  br i1 %k, label %l, label %r
r:
  %d = icmp ult i64 %b, %n
  br i1 %d, label %l, label %out
l:
  %o = phi i64 [ %a, %0 ], [ %b, %r ]
  %q = getelementptr i8, ptr %p, i64 %o
  %v = load i8, ptr %q, align 1
  br label %out
out:
  ret i32 0
}
