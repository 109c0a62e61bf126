; refuse: SIR048 a condition is taken twice, where once would do
; form: checked
; proof: 0 0
; proof: edge/0 ^ok
; proof: goal/1 3 +2
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
entry:
  %i = freeze i64 %a
  %c = icmp ult i64 %i, %n
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  ret i32 0
bad:
  ret i32 -1
}
