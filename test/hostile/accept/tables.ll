; accept: constant tables and function tables
; form: wire
@data = internal constant [16 x i8] c"0123456789abcdef"
@tessera.ftable.0 = internal constant [4 x ptr] [ptr null, ptr @a, ptr null, ptr @b]
define internal void @a(ptr %base, i32 %x, i32 %y) {
  ret void
}
define internal void @b(ptr %base, i32 %x, i32 %y) {
  ret void
}
define internal i32 @f(ptr %base, i32 %i) {
  %m = and i32 %i, 3
  %z = zext i32 %m to i64
  %p = getelementptr [4 x ptr], ptr @tessera.ftable.0, i64 0, i64 %z
  %g = load ptr, ptr %p
  call void %g(ptr %base, i32 %i, i32 0)
  %h = and i32 %i, 15
  %k = zext i32 %h to i64
  %q = getelementptr i8, ptr @data, i64 %k
  %v = load i8, ptr %q, align 1
  %m2 = and i32 %i, 3
  %z2 = zext i32 %m2 to i64
  %p2 = getelementptr [4 x ptr], ptr @tessera.ftable.0, i64 0, i64 %z2
  %g2 = load ptr, ptr %p2
  %t = call i32 @tessera.try(ptr %base, ptr %g2, i32 1, i32 2)
  %w = zext i8 %v to i32
  %s = add i32 %t, %w
  ret i32 %s
}
declare i32 @tessera.try(ptr, ptr, i32, i32)
