; refuse: SIR048 a selected bound
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %i = freeze i64 %a
  %k = icmp eq i64 %i, 7
  %l = select i1 %k, i64 8, i64 %n
  %c = icmp ult i64 %i, %l
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  ret i32 0
bad:
  ret i32 -1
}
