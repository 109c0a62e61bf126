; refuse: SIR048 one of two conditions is not both
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %x, i64 %y) {
  %a = freeze i64 %x
  %b = freeze i64 %y
  %k = icmp ule i64 %a, %n
  %r = sub i64 %n, %a
  %d = icmp ult i64 %b, %r
  %c = or i1 %k, %d
  %o = add i64 %a, %b
  br i1 %c, label %in, label %out
in:
  %q = getelementptr i8, ptr %p, i64 %o
  %v = load i8, ptr %q, align 1
  br label %out
out:
  ret i32 0
}
