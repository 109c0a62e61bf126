; refuse: SIR048 a borrowed slice without a check
; form: checked
declare { ptr, i64 } @"tessera.import.m/borrow"(ptr) "tessera.import"="m/borrow" "tessera.result"="ro"
define internal i32 @f(ptr %base, i64 %a) {
  %s = call { ptr, i64 } @"tessera.import.m/borrow"(ptr %base)
  %p = extractvalue { ptr, i64 } %s, 0
  %v = load i8, ptr %p, align 1
  ret i32 0
}
