; refuse: SIR048 the value checked is the last round's
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  br label %l
l:
  %i = phi i64 [ 0, %0 ], [ %f, %ok ]
  %f = freeze i64 %a
  %c = icmp ult i64 %i, %n
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %f
  %v = load i8, ptr %q, align 1
  br label %l
bad:
  ret i32 -1
}
