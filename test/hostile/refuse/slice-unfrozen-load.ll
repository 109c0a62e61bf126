; refuse: SIR048 a loaded index: another thread changes it between check and access
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %g = getelementptr i8, ptr %base, i64 65536
  %i = load i64, ptr %g, align 1
  %c = icmp ult i64 %i, %n
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  ret i32 0
bad:
  ret i32 -1
}
