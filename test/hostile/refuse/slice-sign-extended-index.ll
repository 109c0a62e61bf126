; refuse: SIR048 a sign-extended index, checked before
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i32 %a) {
  %t = freeze i32 %a
  %m = trunc i64 %n to i32
  %i = sext i32 %t to i64
  %c = icmp ult i32 %t, %m
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  ret i32 0
bad:
  ret i32 -1
}
