; refuse: SIR048 an offset into the rest before the options, added behind them
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %x, i64 %y) {
  %a = freeze i64 %x
  %b = freeze i64 %y
  %k = load i32, ptr %base, align 1
  %f = freeze i32 %k
  %e = zext i32 %f to i64
  %c0 = icmp ule i64 %a, %n
  br i1 %c0, label %l0, label %out
l0:
  %r = sub i64 %n, %a
  %c1 = icmp ule i64 %b, %r
  br i1 %c1, label %l1, label %out
l1:
  %s = sub i64 %r, %b
  %c2 = icmp ult i64 %e, %r
  br i1 %c2, label %l2, label %out
l2:
  %t = add i64 %a, %b
  %o = add i64 %t, %e
  %q = getelementptr i8, ptr %p, i64 %o
  %v = load i8, ptr %q, align 1
  br label %out
out:
  ret i32 0
}
