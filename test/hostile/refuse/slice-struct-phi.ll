; refuse: SIR050 a borrowed slice merged
; form: checked
declare { ptr, i64 } @"tessera.import.m/borrow"(ptr) "tessera.import"="m/borrow" "tessera.result"="ro"
define internal i32 @f(ptr %base, i32 %i) {
  %s = call { ptr, i64 } @"tessera.import.m/borrow"(ptr %base)
  br label %x
x:
  %u = phi { ptr, i64 } [ %s, %0 ]
  ret i32 0
}
