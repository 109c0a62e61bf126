; refuse: SIR048 an addition of 32 bits in the check that wraps
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i32 %a) {
  %t = freeze i32 %a
  %j = add i32 %t, 4
  %y = zext i32 %j to i64
  %i = zext i32 %t to i64
  %c = icmp ule i64 %y, %n
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i32, ptr %q, align 1
  ret i32 %v
bad:
  ret i32 -1
}
