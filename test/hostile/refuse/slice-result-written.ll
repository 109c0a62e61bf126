; refuse: SIR049 a read-only borrow is written
; form: checked
declare { ptr, i64 } @"tessera.import.m/borrow"(ptr) "tessera.import"="m/borrow" "tessera.result"="ro"
define internal i32 @f(ptr %base, i64 %a) {
  %s = call { ptr, i64 } @"tessera.import.m/borrow"(ptr %base)
  %p = extractvalue { ptr, i64 } %s, 0
  store i8 0, ptr %p, align 1
  ret i32 0
}
