; refuse: SIR055 phis whose edges are in two orders
; form: checked
; proof: 0 1 ^head 2 %k +1 %n -1 +0 -2147483647
; proof: edge/0 ^body
; proof: goal/1 2
; proof: goal/0
; proof: goal/0
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
entry:
  %m = freeze i64 %a
  br label %head
head:
  %i = phi i64 [ 0, %entry ], [ %next, %body ]
  %k = phi i64 [ %i, %body ], [ 0, %entry ]
  %c = icmp ult i64 %i, %n
  br i1 %c, label %body, label %out
body:
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  %next = add i64 %i, 1
  br label %head
out:
  ret i32 0
}
