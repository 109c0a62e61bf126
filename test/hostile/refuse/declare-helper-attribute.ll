; refuse: SIR014 a helper that claims to have no effect
; form: checked
declare void @tessera.throw(ptr, i32) memory(none)
define internal i32 @f(ptr %base) {
  ret i32 0
}
