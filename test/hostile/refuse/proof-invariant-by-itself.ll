; refuse: SIR055 an invariant proven by itself on the edge that enters the loop
; form: checked
; proof: 0 1 ^head 2 %i +1 %n -1 +0 +1
; proof: goal/1 2
; proof: goal/1 2
; proof: edge/2
; proof: goal/1 2
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a) {
entry:
  %m = freeze i64 %a
  br label %head
head:
  %i = phi i64 [ 0, %entry ], [ %next, %head ]
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  %next = add i64 %i, 1
  %c = icmp ult i64 %next, %n
  br i1 %c, label %head, label %out
out:
  ret i32 0
}
