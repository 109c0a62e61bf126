; refuse: SIR021 a leftover register as a capability
; form: checked
declare i32 @tessera.cap_is_null(ptr, target("tessera.cap"))
define internal i32 @f(ptr %base) {
  %x = call i32 @tessera.cap_is_null(ptr %base, target("tessera.cap") undef)
  ret i32 %x
}
