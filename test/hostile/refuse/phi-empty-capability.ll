; refuse: SIR027 a phi without entries is a forged capability
; form: checked
declare i32 @tessera.cap_is_null(ptr, target("tessera.cap"))
define internal i32 @f(ptr %base, i32 %i) {
  %y = phi target("tessera.cap")
  %n = call i32 @tessera.cap_is_null(ptr %base, target("tessera.cap") %y)
  ret i32 %n
}
