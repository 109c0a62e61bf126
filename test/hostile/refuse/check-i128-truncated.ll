; refuse: SIR048 the check is on the lower half of 128 bits
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %i = freeze i64 %a
  %w = zext i64 %i to i128
  %d = shl i128 %w, 64
  %t = trunc i128 %d to i64
  %c = icmp ult i64 %t, %n
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  ret i32 0
bad:
  ret i32 -1
}
