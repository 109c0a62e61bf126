; accept: passed, returned, selected, merged, in structs
; form: wire
define internal target("tessera.cap") @pick(ptr %base, i32 %i, target("tessera.cap") %a, target("tessera.cap") %b) {
entry:
  %c = icmp eq i32 %i, 0
  %s = select i1 %c, target("tessera.cap") %a, target("tessera.cap") %b
  br i1 %c, label %x, label %y
x:
  %n = call target("tessera.cap") @tessera.cap_null(ptr %base)
  br label %y
y:
  %p = phi target("tessera.cap") [ %s, %entry ], [ %n, %x ]
  ret target("tessera.cap") %p
}
define internal { i32, target("tessera.cap") } @pair(ptr %base, target("tessera.cap") %a) {
  %e = call i32 @tessera.cap_is_null(ptr %base, target("tessera.cap") %a)
  %s = insertvalue { i32, target("tessera.cap") } poison, i32 %e, 0
  %t = insertvalue { i32, target("tessera.cap") } %s, target("tessera.cap") %a, 1
  ret { i32, target("tessera.cap") } %t
}
define internal i32 @start(ptr %base, i32 %sp, target("tessera.cap") %console) "tessera.export"="start" {
  %t = call { i32, target("tessera.cap") } @pair(ptr %base, target("tessera.cap") %console)
  %k = extractvalue { i32, target("tessera.cap") } %t, 1
  %p = call target("tessera.cap") @pick(ptr %base, i32 %sp, target("tessera.cap") %k, target("tessera.cap") %console)
  call void @tessera.cap_table_set(ptr %base, i32 0, i32 1, target("tessera.cap") %p)
  %g = call target("tessera.cap") @tessera.cap_table_get(ptr %base, i32 0, i32 1)
  %w = call i32 @"tessera.import.console/write"(ptr %base, target("tessera.cap") %g, i32 65536, i32 5)
  ret i32 %w
}
declare target("tessera.cap") @tessera.cap_null(ptr)
declare i32 @tessera.cap_is_null(ptr, target("tessera.cap"))
declare void @tessera.cap_table_set(ptr, i32, i32, target("tessera.cap"))
declare target("tessera.cap") @tessera.cap_table_get(ptr, i32, i32)
declare i32 @"tessera.import.console/write"(ptr, target("tessera.cap"), i32, i32) "tessera.import"="console/write"
