; refuse: SIR043 a volatile access
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %p = getelementptr i8, ptr %base, i64 65536
  store volatile i32 0, ptr %p, align 1
  ret i32 0
}
