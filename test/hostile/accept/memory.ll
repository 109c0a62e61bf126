; accept: arena accesses in every shape
; form: wire
define internal i32 @f(ptr %base, i32 %i, double %d) {
  %p0 = getelementptr i8, ptr %base, i64 65536
  store i32 %i, ptr %p0, align 4
  %z = zext nneg i32 %i to i64
  %p1 = getelementptr inbounds i8, ptr %base, i64 %z
  %v1 = load i8, ptr %p1, align 1
  %p2 = getelementptr inbounds nuw i8, ptr %p1, i64 2147483647
  %v2 = load <4 x i32>, ptr %p2, align 16
  store double %d, ptr %p1, align 8
  %p3 = getelementptr i8, ptr %base, i64 4294967295
  %v3 = load volatile i64, ptr %p3, align 8
  store <4 x i32> %v2, ptr %p0, align 16
  %w = zext i8 %v1 to i32
  %t = trunc i64 %v3 to i32
  %s = add i32 %w, %t
  ret i32 %s
}
