; accept: the natural loop over a slice
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  br label %l
l:
  %i = phi i64 [ 0, %0 ], [ %k, %ok ]
  %s = phi i32 [ 0, %0 ], [ %t, %ok ]
  %c = icmp ult i64 %i, %n
  br i1 %c, label %ok, label %done
ok:
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  %w = zext i8 %v to i32
  %t = add i32 %s, %w
  %k = add i64 %i, 1
  br label %l
done:
  ret i32 %s
}
