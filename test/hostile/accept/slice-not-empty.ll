; accept: the first byte of a slice that is not empty
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %c = icmp eq i64 %n, 0
  br i1 %c, label %bad, label %ok
ok:
  %v = load i8, ptr %p, align 1
  ret i32 0
bad:
  ret i32 -1
}
