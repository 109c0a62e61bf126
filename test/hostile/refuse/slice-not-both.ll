; refuse: SIR048 the negation of both
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %i = freeze i64 %a
  %d = icmp uge i64 %i, %n
  %k = icmp eq i64 %i, 7
  %c = and i1 %d, %k
  br i1 %c, label %bad, label %ok
ok:
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  ret i32 0
bad:
  ret i32 -1
}
