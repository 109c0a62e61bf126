; refuse: SIR048 the check is on another slice's length
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, ptr "tessera.ro" %o, i64 %m, i64 %a) {
  %i = freeze i64 %a
  %c = icmp ult i64 %i, %m
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  ret i32 0
bad:
  ret i32 -1
}
