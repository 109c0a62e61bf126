; refuse: SIR053 a helper given a longer slice
; form: checked
declare void @tessera.slice_read(ptr, ptr "tessera.ro", i64, i64, i32, i32)
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n) {
  call void @tessera.slice_read(ptr %base, ptr %p, i64 4096, i64 0, i32 65536, i32 4)
  ret i32 0
}
