; refuse: SIR048 length - 4 wraps for a short slice
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %i = freeze i64 %a
  %l = sub i64 %n, 4
  %c = icmp ule i64 %i, %l
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i32, ptr %q, align 1
  ret i32 %v
bad:
  ret i32 -1
}
