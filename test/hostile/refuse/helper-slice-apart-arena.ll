; refuse: SIR053 whether a slice is apart from a part of the arena, which would tell where that is
; form: checked
declare i32 @tessera.slice_apart(ptr, ptr "tessera.ro", i64, ptr "tessera.ro", i64)
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i32 %x) {
  %o = zext i32 %x to i64
  %q = getelementptr i8, ptr %base, i64 %o
  %r = call i32 @tessera.slice_apart(ptr %base, ptr %p, i64 %n, ptr %q, i64 64)
  ret i32 %r
}
