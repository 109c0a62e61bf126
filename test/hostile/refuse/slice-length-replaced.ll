; refuse: SIR034 a borrowed slice with another length
; form: checked
declare { ptr, i64 } @"tessera.import.m/borrow"(ptr) "tessera.import"="m/borrow" "tessera.result"="ro"
define internal i32 @f(ptr %base, i32 %i) {
  %s = call { ptr, i64 } @"tessera.import.m/borrow"(ptr %base)
  %u = insertvalue { ptr, i64 } %s, i64 4294967296, 1
  %q = extractvalue { ptr, i64 } %u, 0
  %v = load i32, ptr %q, align 1
  ret i32 %v
}
