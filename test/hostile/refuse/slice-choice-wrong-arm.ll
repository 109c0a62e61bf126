; refuse: SIR048 a select that is true where the first is false
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %x, i64 %y) {
  %a = freeze i64 %x
  %b = freeze i64 %y
  %k = icmp ult i64 %a, %n
  %d = icmp ult i64 %b, 8
  %c = select i1 %k, i1 %d, i1 true
  %o = and i64 %a, -1
  br i1 %c, label %in, label %out
in:
  %q = getelementptr i8, ptr %p, i64 %o
  %v = load i8, ptr %q, align 1
  br label %out
out:
  ret i32 0
}
