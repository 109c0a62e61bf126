; refuse: SIR050 two slices merged
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
  br label %x
x:
  %y = phi ptr [ %p, %0 ]
  ret i32 0
}
