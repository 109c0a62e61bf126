; refuse: SIR016 a helper's read-only slice as a writable one
; form: checked
declare void @tessera.slice_read(ptr, ptr "tessera.rw", i64, i64, i32, i32)
define internal i32 @f(ptr %base) {
  ret i32 0
}
