; accept: stack objects with constant, masked and checked offsets
; form: wire
define internal i32 @f(ptr %base, i32 %i, i64 %x) {
entry:
  %a = alloca [64 x i8]
  %b = alloca [4032 x i8]
  store i32 %i, ptr %a, align 4
  %m = and i64 %x, 31
  %p = getelementptr inbounds i8, ptr %b, i64 %m
  store i64 7, ptr %p, align 8
  %q = getelementptr i8, ptr %p, i64 4000
  %v = load i8, ptr %q, align 1
  %y = freeze i64 %x
  %c = icmp ult i64 %y, 61
  br i1 %c, label %ok, label %bad
ok:
  %r = getelementptr i8, ptr %a, i64 %y
  %w = load i32, ptr %r, align 4
  ret i32 %w
bad:
  %u = urem i32 %i, 13
  %n = zext i32 %u to i64
  %o = getelementptr i8, ptr %a, i64 %n
  %s = load i8, ptr %o, align 1
  %t = zext i8 %s to i32
  ret i32 %t
}
