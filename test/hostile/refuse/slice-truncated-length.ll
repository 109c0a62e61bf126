; refuse: SIR048 a length cut to 16 bits is not the length
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %x, i64 %y) {
  %a = freeze i64 %x
  %b = freeze i64 %y
  %t = trunc i64 %a to i16
  %m = trunc i64 %n to i16
  %c = icmp ult i16 %t, %m
  %o = and i64 %a, -1
  br i1 %c, label %in, label %out
in:
  %q = getelementptr i8, ptr %p, i64 %o
  %v = load i8, ptr %q, align 1
  br label %out
out:
  ret i32 0
}
