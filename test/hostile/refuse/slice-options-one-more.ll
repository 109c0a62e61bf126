; refuse: SIR048 a parser of options that does not look whether another follows
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %x, i64 %y) {
  %a = freeze i64 %x
  %b = freeze i64 %y
  %c0 = icmp ule i64 %a, %n
  br i1 %c0, label %l0, label %out
l0:
  %r = sub i64 %n, %a
  %h = and i64 %b, 255
  %c1 = icmp ule i64 %h, %r
  br i1 %c1, label %l1, label %out
l1:
  %end = add i64 %a, %h
  %g = icmp ult i64 %a, %end
  br i1 %g, label %l, label %out
l:
  %i = phi i64 [ %a, %l1 ], [ %j, %m ]
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  %f = freeze i8 %v
  %z = zext i8 %f to i64
  %d = sub i64 %end, %i
  %k = icmp ugt i64 %z, %d
  br i1 %k, label %out, label %m
m:
  %t = phi i64 [ %z, %l ]
  %j = add i64 %i, %t
  %c = icmp ule i64 %j, %end
  br i1 %c, label %l, label %out
out:
  ret i32 0
}
