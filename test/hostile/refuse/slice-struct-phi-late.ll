; refuse: SIR027 a borrowed slice merged by a phi behind other instructions
; form: checked
declare { ptr, i64 } @"tessera.import.m/borrow"(ptr) "tessera.import"="m/borrow" "tessera.result"="ro"
define internal i32 @f(ptr %base, i32 %i) {
  %s = call { ptr, i64 } @"tessera.import.m/borrow"(ptr %base)
  br label %x
x:
  %a = add i32 %i, 1
  %u = phi { ptr, i64 } [ %s, %0 ]
  %q = extractvalue { ptr, i64 } %u, 0
  ret i32 0
}
