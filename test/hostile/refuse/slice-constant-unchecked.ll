; refuse: SIR048 the first bytes of a slice that may be empty
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %v = load i32, ptr %p, align 1
  ret i32 %v
}
