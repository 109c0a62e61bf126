; refuse: SIR048 the next round's index is not checked
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  br label %l
l:
  %i = phi i64 [ 0, %0 ], [ %k, %ok ]
  %c = icmp ult i64 %i, %n
  br i1 %c, label %ok, label %bad
ok:
  %k = add i64 %i, 1
  %q = getelementptr i8, ptr %p, i64 %k
  %v = load i8, ptr %q, align 1
  br label %l
bad:
  ret i32 -1
}
