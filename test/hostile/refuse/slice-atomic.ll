; refuse: SIR044 an atomic access to a slice
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %v = load atomic i32, ptr %p seq_cst, align 4
  ret i32 0
}
