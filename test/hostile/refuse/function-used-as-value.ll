; refuse: SIR022 a function's address is stored
; form: checked
define internal i32 @f(ptr %base) {
  %p = getelementptr i8, ptr %base, i64 65536
  store ptr @f, ptr %p, align 1
  ret i32 0
}
