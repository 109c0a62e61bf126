; refuse: SIR055 what the default of a switch says
; form: checked
; proof: 0 0
; proof: edge/0 ^other
; proof: goal/1 3 -1
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
entry:
  %i = freeze i64 %a
  switch i64 %n, label %other [ i64 9, label %ok ]
ok:
  ret i32 1
other:
  %q = getelementptr i8, ptr %p, i64 0
  %v = load i8, ptr %q, align 1
  ret i32 0
}
