; refuse: SIR048 a place for every four bits, in a byte for every eight
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %x, i64 %y) {
  %a = freeze i64 %x
  %b = freeze i64 %y
  %k = and i64 %a, 65535
  %u = add i64 %k, 7
  %w = lshr i64 %u, 3
  %g = icmp ule i64 %w, %n
  %h = icmp ult i64 %b, %k
  %c = and i1 %g, %h
  br i1 %c, label %in, label %out
in:
  %o = lshr i64 %b, 2
  %q = getelementptr i8, ptr %p, i64 %o
  %v = load i8, ptr %q, align 1
  br label %out
out:
  ret i32 0
}
