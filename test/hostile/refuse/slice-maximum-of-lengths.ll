; refuse: SIR048 the larger of two lengths
; form: checked
declare i64 @llvm.umax.i64(i64, i64)
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, ptr "tessera.ro" %o, i64 %m, i64 %a) {
  %i = freeze i64 %a
  %l = call i64 @llvm.umax.i64(i64 %n, i64 %m)
  %c = icmp ult i64 %i, %l
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  ret i32 0
bad:
  ret i32 -1
}
