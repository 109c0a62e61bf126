; refuse: SIR051 a number goes in as a capability
; form: checked
declare i32 @tessera.cap_is_null(ptr, target("tessera.cap"))
define internal i32 @f(ptr %base, i32 %i) {
  %k = call i32 @tessera.cap_is_null(ptr %base, i64 7)
  ret i32 %k
}
