; refuse: SIR048 attacks/t6.ll: the check and the access may see different values
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %c = icmp ult i64 %a, %n
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %a
  %v = load i8, ptr %q, align 1
  ret i32 0
bad:
  ret i32 -1
}
