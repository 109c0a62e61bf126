; refuse: SIR031 another comparison
; form: checked
define internal i32 @f(ptr %base, i32 %i, i32 %j) {
  %c = icmp slt i32 %j, 1
  br i1 %c, label %bad, label %go
bad:
  ret i32 0
go:
  %x = udiv i32 %i, %j
  ret i32 %x
}
