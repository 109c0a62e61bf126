; refuse: SIR055 a premise that is not there
; form: checked
; proof: 0 0
; proof: edge/0 ^ok
; proof: exact/0 %s 7
; proof: goal/2 4 2
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
entry:
  %i = freeze i64 %a
  %s = add i64 %i, 8
  %c = icmp ule i64 %s, %n
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i64, ptr %q, align 1
  ret i32 0
bad:
  ret i32 -1
}
