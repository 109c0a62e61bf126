; refuse: SIR016 whether two slices are apart, of the first one's kind only
; form: checked
declare i32 @tessera.slice_apart(ptr, ptr "tessera.ro", i64, ptr "tessera.rw", i64)
define internal i32 @f(ptr %base, ptr "tessera.rw" %p, i64 %n) {
  %r = call i32 @tessera.slice_apart(ptr %base, ptr %p, i64 %n, ptr %p, i64 %n)
  ret i32 %r
}
