; refuse: SIR048 the sum that is compared may have wrapped
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %x, i64 %y) {
  %a = freeze i64 %x
  %b = freeze i64 %y
  %s = add i64 %a, 16
  %c = icmp ult i64 %s, %n
  %o = add i64 %a, 0
  br i1 %c, label %in, label %out
in:
  %q = getelementptr i8, ptr %p, i64 %o
  %v = load i8, ptr %q, align 1
  br label %out
out:
  ret i32 0
}
