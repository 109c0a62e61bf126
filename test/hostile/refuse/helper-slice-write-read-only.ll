; refuse: SIR049 a helper that writes, given a read-only slice
; form: checked
declare void @tessera.slice_write(ptr, ptr "tessera.rw", i64, i64, i32, i32)
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n) {
  call void @tessera.slice_write(ptr %base, ptr %p, i64 %n, i64 0, i32 65536, i32 4)
  ret i32 0
}
