; refuse: SIR048 more than the length
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %i = freeze i64 %a
  %l = add i64 %n, 1
  %c = icmp ult i64 %i, %l
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  ret i32 0
bad:
  ret i32 -1
}
