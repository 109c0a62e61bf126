; refuse: SIR050 attacks/t6.ll as a whole: a store to null in the failing arm
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %c = icmp ult i32 %i, 16
  br i1 %c, label %ok, label %bad
bad:
  store i32 0, ptr null, align 1
  br label %ok2
ok2:
  ret i32 -1
ok:
  ret i32 0
}
