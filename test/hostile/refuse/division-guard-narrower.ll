; refuse: SIR031 the guard looks at the lower half
; form: checked
define internal i32 @f(ptr %base, i64 %j) {
  %t = trunc i64 %j to i32
  %c = icmp eq i32 %t, 0
  br i1 %c, label %bad, label %go
bad:
  ret i32 0
go:
  %x = udiv i64 1, %j
  ret i32 0
}
