; refuse: SIR042 where the arena lies
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %c = icmp eq ptr %base, null
  ret i32 0
}
