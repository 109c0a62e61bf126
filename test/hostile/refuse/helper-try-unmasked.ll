; refuse: SIR052 tessera.try with any address
; form: checked
declare i32 @tessera.try(ptr, ptr, i32, i32)
define internal i32 @f(ptr %base) {
  %r = call i32 @tessera.try(ptr %base, ptr %base, i32 0, i32 0)
  ret i32 0
}
