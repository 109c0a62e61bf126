; refuse: SIR035 attacks/t4.ll: code runs into the next function; attacks/t1.ll: the check is deleted
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %c = icmp ult i32 %i, 16
  br i1 %c, label %ok, label %bad
ok:
  ret i32 0
bad:
  unreachable
}
