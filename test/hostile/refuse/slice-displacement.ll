; refuse: SIR048 a constant behind a checked index
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %i = freeze i64 %a
  %c = icmp ult i64 %i, %n
  br i1 %c, label %ok, label %bad
ok:
  %r = getelementptr i8, ptr %p, i64 %i
  %q = getelementptr i8, ptr %r, i64 1
  %v = load i8, ptr %q, align 1
  ret i32 0
bad:
  ret i32 -1
}
