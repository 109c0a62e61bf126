; refuse: SIR054 a borrowed slice of unknown origin
; form: checked
declare { ptr, i64 } @"tessera.import.m/borrow"(ptr) "tessera.import"="m/borrow" "tessera.result"="ro"
define internal i32 @f(ptr %base, i32 %i) {
  %s = call { ptr, i64 } @"tessera.import.m/borrow"(ptr %base)
  %u = freeze { ptr, i64 } %s
  ret i32 0
}
