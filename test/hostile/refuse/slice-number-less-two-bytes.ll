; refuse: SIR048 a check on a difference from a number, for one byte of two
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i32 %x) {
  %i = freeze i32 %x
  %low = icmp ule i32 %i, 34
  br i1 %low, label %in, label %out
in:
  %d = sub i32 38, %i
  %w = zext i32 %d to i64
  %e = add i64 %w, 1
  %c = icmp ule i64 %e, %n
  br i1 %c, label %read, label %out
read:
  %q = getelementptr i8, ptr %p, i64 %w
  %v = load i16, ptr %q, align 1
  br label %out
out:
  ret i32 0
}
