; refuse: SIR050 leaks where the arena lies
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %p = getelementptr i8, ptr %base, i64 65536
  %c = icmp ult ptr %p, %base
  ret i32 0
}
