; refuse: SIR040 a vector of i1 in memory
; form: checked
define internal i32 @f(ptr %base) {
  %p = getelementptr i8, ptr %base, i64 65536
  store <8 x i1> zeroinitializer, ptr %p, align 1
  ret i32 0
}
