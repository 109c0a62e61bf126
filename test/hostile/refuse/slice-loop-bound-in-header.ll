; refuse: SIR048 a bound that is another one each time round
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %x, i64 %y) {
  %a = freeze i64 %x
  %b = freeze i64 %y
  %g = icmp ne i64 %n, 0
  br i1 %g, label %k, label %out
k:
  br label %l
l:
  %i = phi i64 [ 0, %k ], [ %j, %m ]
  %u = load i64, ptr %base, align 1
  %v = freeze i64 %u
  %z = icmp eq i64 %v, 0
  br i1 %z, label %in, label %m
m:
  %j = add i64 %i, 1
  %c = icmp ule i64 %j, %v
  br i1 %c, label %l, label %out
in:
  %q = getelementptr i8, ptr %p, i64 %i
  %w = load i8, ptr %q, align 1
  br label %out
out:
  ret i32 0
}
