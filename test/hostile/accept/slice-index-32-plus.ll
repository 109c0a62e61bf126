; accept: an index of 32 bits plus 3, in 64 bits
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i32 %a) {
  %t = freeze i32 %a
  %i = zext i32 %t to i64
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
