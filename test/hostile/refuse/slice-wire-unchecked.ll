; refuse: SIR048 no check, in wire form
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %i = freeze i64 %a
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i32, ptr %q, align 1
  ret i32 %v
}
