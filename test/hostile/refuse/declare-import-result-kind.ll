; refuse: SIR015 a result kind that nobody knows
; form: checked
declare { ptr, i64 } @"tessera.import.m/n"(ptr) "tessera.import"="m/n" "tessera.result"="rwx"
define internal i32 @f(ptr %base) {
  ret i32 0
}
