; refuse: SIR031 the guard looks at another value
; form: checked
define internal i32 @f(ptr %base, i32 %i, i32 %j) {
  %c = icmp eq i32 %i, 0
  br i1 %c, label %bad, label %go
bad:
  ret i32 0
go:
  %x = udiv i32 %i, %j
  ret i32 %x
}
