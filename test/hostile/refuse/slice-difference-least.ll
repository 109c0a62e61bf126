; refuse: SIR048 a difference is not at least what it is taken from
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %x, i64 %y) {
  %a = freeze i64 %x
  %b = freeze i64 %y
  %c0 = icmp uge i64 %a, 100
  %c1 = icmp ule i64 %b, %a
  %c2 = and i1 %c0, %c1
  br i1 %c2, label %l0, label %out
l0:
  %d = sub i64 %a, %b
  %c3 = icmp ule i64 %d, %n
  br i1 %c3, label %in, label %out
in:
  %q = getelementptr i8, ptr %p, i64 50
  %v = load i8, ptr %q, align 1
  br label %out
out:
  ret i32 0
}
