; refuse: SIR031 the guard lets zero through
; form: checked
define internal i32 @f(ptr %base, i32 %i, i32 %j) {
  %c = icmp eq i32 %j, 0
  br i1 %c, label %go, label %bad
bad:
  ret i32 0
go:
  %x = udiv i32 %i, %j
  ret i32 %x
}
