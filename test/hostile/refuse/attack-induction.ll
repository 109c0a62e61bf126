; refuse: SIR023 attacks/t2.ll: an induction variable with a false nuw is widened
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  br label %l
l:
  %k = phi i32 [ %i, %0 ], [ %m, %l ]
  %z = zext i32 %k to i64
  %p = getelementptr i8, ptr %base, i64 %z
  store i8 0, ptr %p, align 1
  %m = add nuw i32 %k, 4096
  %c = icmp ne i32 %m, 0
  br i1 %c, label %l, label %x
x:
  ret i32 0
}
