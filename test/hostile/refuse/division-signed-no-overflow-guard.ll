; refuse: SIR031 MIN / -1 is not guarded
; form: checked
define internal i32 @f(ptr %base, i32 %i, i32 %j) {
  %c = icmp eq i32 %j, 0
  br i1 %c, label %bad, label %go
bad:
  ret i32 0
go:
  %x = sdiv i32 %i, %j
  ret i32 %x
}
