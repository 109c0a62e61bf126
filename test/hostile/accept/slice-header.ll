; accept: constant offsets after one check
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %c = icmp uge i64 %n, 16
  br i1 %c, label %ok, label %bad
ok:
  %v = load i32, ptr %p, align 1
  %q = getelementptr i8, ptr %p, i64 8
  %w = load i64, ptr %q, align 1
  %t = trunc i64 %w to i32
  %s = add i32 %v, %t
  ret i32 %s
bad:
  ret i32 -1
}
