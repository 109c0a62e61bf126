; accept: whether two slices are apart, and that a vector loop's end is all that has to be known
; form: wire
declare i32 @tessera.slice_apart(ptr, ptr "tessera.ro", i64, ptr "tessera.ro", i64)
define internal i32 @f(ptr %base, ptr "tessera.rw" %p, i64 %n, ptr "tessera.ro" %q, i64 %m, i64 %x) {
  %r = call i32 @tessera.slice_apart(ptr %base, ptr %p, i64 %n, ptr %q, i64 %m)
  %f = freeze i32 %r
  %apart = icmp ne i32 %f, 0
  br i1 %apart, label %before, label %out
before:
  %w = freeze i64 %x
  %e = and i64 %w, 4294967232
  %in = icmp ule i64 %e, %n
  %im = icmp ule i64 %e, %m
  %some = icmp uge i64 %e, 64
  %c1 = and i1 %in, %im
  %c2 = and i1 %c1, %some
  br i1 %c2, label %fast, label %out
fast:
  br label %loop
loop:
  %i = phi i64 [ 0, %fast ], [ %next, %loop ]
  %a = getelementptr i8, ptr %q, i64 %i
  %b = getelementptr i8, ptr %a, i64 32
  %v = load <32 x i8>, ptr %a, align 1
  %u = load <32 x i8>, ptr %b, align 1
  %c = getelementptr i8, ptr %p, i64 %i
  %d = getelementptr i8, ptr %c, i64 32
  store <32 x i8> %v, ptr %c, align 1
  store <32 x i8> %u, ptr %d, align 1
  %next = add i64 %i, 64
  %done = icmp eq i64 %next, %e
  br i1 %done, label %out, label %loop
out:
  ret i32 0
}
