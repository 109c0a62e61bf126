; refuse: SIR055 a condition of a block that two ways lead to
; form: checked
; proof: 0 0
; proof: edge/0 ^join
; proof: goal/1 2
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %a, i64 %b) {
entry:
  %i = freeze i64 %a
  %j = freeze i64 %b
  %c = icmp ult i64 %i, %n
  br i1 %c, label %left, label %right
left:
  br label %join
right:
  %d = icmp ult i64 %j, %n
  br i1 %d, label %inner, label %join
inner:
  br label %join
join:
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  ret i32 0
}
