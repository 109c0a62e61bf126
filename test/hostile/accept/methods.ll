; accept: methods of interfaces, exported and imported, with all that they may take and give
; form: wire
declare { i32, i64 } @m0(ptr, i32, target("tessera.cap"), i64, ptr "tessera.ro", i64) "tessera.import"="0123456789abcdef/0"
declare target("tessera.cap") @mint(ptr, i64) "tessera.import"="fedcba9876543210/mint"
define internal { i32, i64, target("tessera.cap") } @all(ptr %base, i32 %sp, i64 %state, i32 %a, float %f, double %d, target("tessera.cap") %c, ptr "tessera.ro" %p, i64 %n)
    "tessera.export"="fedcba9876543210/3" {
  %r = call { i32, i64 } @m0(ptr %base, i32 %sp, target("tessera.cap") %c, i64 %state, ptr %p, i64 %n)
  %s = extractvalue { i32, i64 } %r, 0
  %v = extractvalue { i32, i64 } %r, 1
  %o = call target("tessera.cap") @mint(ptr %base, i64 %v)
  %x = insertvalue { i32, i64, target("tessera.cap") } poison, i32 %s, 0
  %y = insertvalue { i32, i64, target("tessera.cap") } %x, i64 %v, 1
  %z = insertvalue { i32, i64, target("tessera.cap") } %y, target("tessera.cap") %o, 2
  ret { i32, i64, target("tessera.cap") } %z
}
define internal i32 @released(ptr %base, i32 %sp, i64 %state) "tessera.export"="fedcba9876543210/released" {
  ret i32 0
}
