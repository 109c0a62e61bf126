; refuse: SIR048 a borrowed slice checked against another borrow's length
; form: checked
declare { ptr, i64 } @"tessera.import.m/borrow"(ptr) "tessera.import"="m/borrow" "tessera.result"="ro"
define internal i32 @f(ptr %base, i64 %a) {
  %s = call { ptr, i64 } @"tessera.import.m/borrow"(ptr %base)
  %u = call { ptr, i64 } @"tessera.import.m/borrow"(ptr %base)
  %p = extractvalue { ptr, i64 } %s, 0
  %n = extractvalue { ptr, i64 } %u, 1
  %i = freeze i64 %a
  %c = icmp ult i64 %i, %n
  br i1 %c, label %ok, label %bad
ok:
  %q = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %q, align 1
  ret i32 0
bad:
  ret i32 -1
}
