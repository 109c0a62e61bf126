; refuse: SIR040 a slice's address becomes data
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %q = getelementptr i8, ptr %base, i64 65536
  store ptr %p, ptr %q, align 1
  ret i32 0
}
