; refuse: SIR016 a helper with another parameter: a number as a capability
; form: checked
declare i32 @tessera.cap_is_null(ptr, i64)
define internal i32 @f(ptr %base) {
  ret i32 0
}
