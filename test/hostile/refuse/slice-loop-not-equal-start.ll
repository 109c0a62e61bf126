; refuse: SIR048 a loop to the length from a start that may lie behind it
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %x, i64 %y) {
  %a = freeze i64 %x
  %b = freeze i64 %y
  %g = icmp ne i64 %n, 0
  br i1 %g, label %l, label %out
l:
  %i = phi i64 [ %a, %0 ], [ %j, %l ]
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  %j = add i64 %i, 1
  %c = icmp ne i64 %j, %n
  br i1 %c, label %l, label %out
out:
  ret i32 0
}
