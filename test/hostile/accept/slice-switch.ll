; accept: the length is one of two numbers
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %x, i64 %y) {
  switch i64 %n, label %out [ i64 5, label %in ]
in:
  %q = getelementptr i8, ptr %p, i64 4
  %v = load i8, ptr %q, align 1
  br label %out
out:
  ret i32 0
}
