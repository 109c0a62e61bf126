; refuse: SIR031 the guard doesn't lead here alone
; form: checked
define internal i32 @f(ptr %base, i32 %i, i32 %j) {
  %c = icmp eq i32 %j, 0
  br i1 %c, label %bad, label %go
bad:
  br label %go
go:
  %x = udiv i32 %i, %j
  ret i32 %x
}
