; refuse: SIR016 a helper's slice that isn't marked
; form: checked
declare void @tessera.slice_read(ptr, ptr, i64, i64, i32, i32)
define internal i32 @f(ptr %base) {
  ret i32 0
}
