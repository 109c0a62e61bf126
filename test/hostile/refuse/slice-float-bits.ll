; refuse: SIR048 the bits of a float, which may be another NaN's at each use
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n) {
  %d = uitofp i64 %n to double
  %s = fdiv double %d, %d
  %i = bitcast double %s to i64
  %c = icmp ult i64 %i, %n
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  ret i32 0
bad:
  ret i32 -1
}
