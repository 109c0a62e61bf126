; accept: a rest less sixteen that is at least sixteen
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %x, i64 %y) {
  %a = freeze i64 %x
  %b = freeze i64 %y
  %c0 = icmp ule i64 %a, %n
  br i1 %c0, label %l0, label %out
l0:
  %r = sub i64 %n, %a
  %c2 = icmp uge i64 %r, 16
  br i1 %c2, label %l2, label %out
l2:
  %s = add i64 %r, -16
  %c1 = icmp ult i64 %b, %s
  br i1 %c1, label %l1, label %out
l1:
  %t = add i64 %a, 16
  %o = add i64 %t, %b
  %q = getelementptr i8, ptr %p, i64 %o
  %v = load i8, ptr %q, align 1
  br label %out
out:
  ret i32 0
}
