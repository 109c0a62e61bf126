; accept: atomic accesses of 1 to 8 bytes
; form: wire
define internal i64 @f(ptr %base, i32 %i, i64 %x) {
  %z = zext i32 %i to i64
  %p = getelementptr i8, ptr %base, i64 %z
  %a = load atomic i64, ptr %p acquire, align 8
  store atomic i32 %i, ptr %p release, align 4
  %b = atomicrmw add ptr %p, i64 %x seq_cst, align 8
  %c = atomicrmw umax ptr %p, i32 %i monotonic, align 4
  %d = cmpxchg weak ptr %p, i64 %a, i64 %x acq_rel monotonic, align 8
  %e = extractvalue { i64, i1 } %d, 0
  %g = extractvalue { i64, i1 } %d, 1
  %h = zext i1 %g to i64
  fence acquire
  %q = getelementptr i8, ptr %base, i64 65536
  %k = load atomic i8, ptr %q seq_cst, align 1
  %l = zext i8 %k to i64
  %m = add i64 %e, %h
  %n = add i64 %m, %l
  ret i64 %n
}
