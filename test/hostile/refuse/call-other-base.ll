; refuse: SIR042 another arena
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %p = getelementptr i8, ptr %base, i64 65536
  %x = call i32 @f(ptr %p, i32 %i)
  ret i32 %x
}
