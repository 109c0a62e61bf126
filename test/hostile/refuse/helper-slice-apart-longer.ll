; refuse: SIR053 whether two slices are apart, of one with a length that isn't its own
; form: checked
declare i32 @tessera.slice_apart(ptr, ptr "tessera.ro", i64, ptr "tessera.ro", i64)
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, ptr "tessera.rw" %q, i64 %m) {
  %r = call i32 @tessera.slice_apart(ptr %base, ptr %p, i64 %m, ptr %q, i64 %m)
  ret i32 %r
}
