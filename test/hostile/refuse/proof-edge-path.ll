; refuse: SIR055 a part of a condition that is a whole
; form: checked
; proof: 0 0
; proof: edge/1 ^ok 1
; proof: goal/1 2
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
entry:
  %i = freeze i64 %a
  %e = icmp ult i64 %i, %n
  %d = icmp ne i64 %i, 3
  %c = xor i1 %e, %d
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  ret i32 0
bad:
  ret i32 -1
}
