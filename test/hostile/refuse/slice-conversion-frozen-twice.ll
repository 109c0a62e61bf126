; refuse: SIR048 a conversion out of range, frozen twice: two numbers, of which one is compared
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, double %x) {
  %s = freeze double %x
  %k = fptoui double %s to i64
  %a = freeze i64 %k
  %b = freeze i64 %k
  %c = icmp ult i64 %a, %n
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %b
  %v = load i8, ptr %q, align 1
  ret i32 0
bad:
  ret i32 -1
}
