; refuse: SIR052 tessera.try with a slice
; form: checked
declare i32 @tessera.try(ptr, ptr, i32, i32)
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n) {
  %r = call i32 @tessera.try(ptr %base, ptr %p, i32 0, i32 0)
  ret i32 0
}
