; refuse: SIR031 the guard looks for another number
; form: checked
define internal i32 @f(ptr %base, i32 %i, i32 %j) {
  %c = icmp eq i32 %j, 0
  br i1 %c, label %bad, label %go
bad:
  ret i32 0
go:
  %m = icmp eq i32 %j, -1
  %n = icmp eq i32 %i, 2147483647
  %b = and i1 %m, %n
  %d = select i1 %b, i32 1, i32 %j
  %x = sdiv i32 %i, %d
  ret i32 %x
}
