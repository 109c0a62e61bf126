; refuse: SIR048 an addition in the check that wraps
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %i = freeze i64 %a
  %j = add i64 %i, 4
  %c = icmp ule i64 %j, %n
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i32, ptr %q, align 1
  ret i32 %v
bad:
  ret i32 -1
}
