; refuse: SIR050 below the slice
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  %q = getelementptr i8, ptr %p, i64 -1
  %v = load i8, ptr %q, align 1
  ret i32 0
}
