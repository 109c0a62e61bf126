; refuse: SIR055 a condition of an edge that has none
; form: checked
; proof: 0 0
; proof: edge/0 ^left
; proof: edge/0 ^out
; proof: goal/0
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
entry:
  %m = freeze i64 %a
  br label %head
head:
  %i = phi i64 [ 0, %entry ], [ %next, %body ]
  %c = icmp ult i64 %i, %n
  br i1 %c, label %body, label %out
body:
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  %next = add i64 %i, 1
  br label %head
out:
  br label %left
left:
  ret i32 0
}
