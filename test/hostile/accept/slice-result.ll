; accept: a borrowed slice as a result, read and passed to a helper
; form: wire
declare { ptr, i64 } @"tessera.import.m/borrow"(ptr) "tessera.import"="m/borrow" "tessera.result"="ro"
declare void @tessera.slice_read(ptr, ptr "tessera.ro", i64, i64, i32, i32)
define internal i32 @f(ptr %base, i64 %a) {
  %s = call { ptr, i64 } @"tessera.import.m/borrow"(ptr %base)
  %p = extractvalue { ptr, i64 } %s, 0
  %n = extractvalue { ptr, i64 } %s, 1
  call void @tessera.slice_read(ptr %base, ptr %p, i64 %n, i64 0, i32 65536, i32 16)
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
