; refuse: SIR048 bits of an index, one of them twice
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %x, i64 %y) {
  %a = freeze i64 %x
  %b = freeze i64 %y
  %k = icmp ult i64 %a, %n
  %lo = and i64 %a, 15
  %hi = and i64 %a, -8
  %o = add i64 %lo, %hi
  %c = and i1 %k, true
  br i1 %c, label %in, label %out
in:
  %q = getelementptr i8, ptr %p, i64 %o
  %v = load i8, ptr %q, align 1
  br label %out
out:
  ret i32 0
}
