// A program for tests, which serves a little of everything.
#pragma once

namespace tessera::test {

inline const char* const kServiceText = R"(
declare i32 @tessera.memory_grow(ptr, i32)
declare { ptr, i64 } @lend(ptr, i32, i32) "tessera.import"="tessera_memory/slice_const" "tessera.result"="ro"
declare i32 @tell(ptr, i32, target("tessera.cap"), i32) "tessera.import"="a222222222222222/0"
declare { i32, i64 } @read(ptr, i32, target("tessera.cap"), ptr "tessera.ro", i64) "tessera.import"="a222222222222222/1"
declare { i32, target("tessera.cap") } @same(ptr, i32, target("tessera.cap"), target("tessera.cap")) "tessera.import"="a222222222222222/2"
declare i32 @tessera.cap_to_handle(ptr, target("tessera.cap"))
declare target("tessera.cap") @tessera.cap_from_handle(ptr, i32)

define internal i32 @main(ptr %base, i32 %sp) "tessera.export"="tessera_main" {
    ret i32 0
}
; 0 add(i32, i64) -> (i64 sum, double)
define internal { i32, i64, double } @add(ptr %base, i32 %sp, i64 %state, i32 %a, i64 %b) "tessera.export"="9111111111111111/0" {
    %wide = zext i32 %a to i64
    %sum = add i64 %wide, %b
    %half = sitofp i64 %sum to double
    %r0 = insertvalue { i32, i64, double } poison, i32 0, 0
    %r1 = insertvalue { i32, i64, double } %r0, i64 %sum, 1
    %r2 = insertvalue { i32, i64, double } %r1, double %half, 2
    ret { i32, i64, double } %r2
}
; 1 bytes(slice): the first eight are copied to the next; its length as a status if there are too few
define internal { i32, i64 } @bytes(ptr %base, i32 %sp, i64 %state, ptr "tessera.rw" %s, i64 %length) "tessera.export"="9111111111111111/1" {
    %enough = icmp uge i64 %length, 16
    br i1 %enough, label %good, label %bad
good:
    %v = load i64, ptr %s, align 1
    %q = getelementptr i8, ptr %s, i64 8
    store i64 %v, ptr %q, align 1
    %r0 = insertvalue { i32, i64 } poison, i32 0, 0
    %r1 = insertvalue { i32, i64 } %r0, i64 %v, 1
    ret { i32, i64 } %r1
bad:
    %e0 = insertvalue { i32, i64 } poison, i32 64, 0
    %e1 = insertvalue { i32, i64 } %e0, i64 %length, 1
    ret { i32, i64 } %e1
}
; 2 trap
define internal i32 @trap(ptr %base, i32 %sp, i64 %state) "tessera.export"="9111111111111111/2" {
    %p = getelementptr i8, ptr %base, i64 16
    %v = load i32, ptr %p, align 1
    ret i32 %v
}
; 3 loop for ever
define internal i32 @loop(ptr %base, i32 %sp, i64 %state) "tessera.export"="9111111111111111/3" {
    br label %again
again:
    br label %again
}
; 4 many arguments: floats, and more whole numbers than registers; more results than registers
define internal { i32, i64, i64, i64, float, double, i32 } @many(ptr %base, i32 %sp, i64 %state, i32 %a, i64 %b, i32 %c, i32 %d, double %e, i64 %f, float %g)
    "tessera.export"="9111111111111111/4" {
    %aw = zext i32 %a to i64
    %cw = zext i32 %c to i64
    %r0 = insertvalue { i32, i64, i64, i64, float, double, i32 } poison, i32 0, 0
    %r1 = insertvalue { i32, i64, i64, i64, float, double, i32 } %r0, i64 %aw, 1
    %r2 = insertvalue { i32, i64, i64, i64, float, double, i32 } %r1, i64 %b, 2
    %fc = add i64 %f, %cw
    %r3 = insertvalue { i32, i64, i64, i64, float, double, i32 } %r2, i64 %fc, 3
    %r4 = insertvalue { i32, i64, i64, i64, float, double, i32 } %r3, float %g, 4
    %r5 = insertvalue { i32, i64, i64, i64, float, double, i32 } %r4, double %e, 5
    %r6 = insertvalue { i32, i64, i64, i64, float, double, i32 } %r5, i32 %d, 6
    ret { i32, i64, i64, i64, float, double, i32 } %r6
}
; 5 grow(pages of 64 KiB) -> (what it had, or all ones)
define internal { i32, i32 } @grow(ptr %base, i32 %sp, i64 %state, i32 %pages) "tessera.export"="9111111111111111/5" {
    %had = call i32 @tessera.memory_grow(ptr %base, i32 %pages)
    %r0 = insertvalue { i32, i32 } poison, i32 0, 0
    %r1 = insertvalue { i32, i32 } %r0, i32 %had, 1
    ret { i32, i32 } %r1
}
; 6 tells(object, number): what the object says
define internal i32 @tells(ptr %base, i32 %sp, i64 %state, target("tessera.cap") %o, i32 %n) "tessera.export"="9111111111111111/6" {
    %r = call i32 @tell(ptr %base, i32 %sp, target("tessera.cap") %o, i32 %n)
    ret i32 %r
}
; 7 lends(object, from, length): the object reads this program's memory
define internal { i32, i64 } @lends(ptr %base, i32 %sp, i64 %state, target("tessera.cap") %o, i32 %from, i32 %length) "tessera.export"="9111111111111111/7" {
    %p = getelementptr i8, ptr %base, i64 131072
    store i64 81985529216486895, ptr %p, align 1
    %slice = call { ptr, i64 } @lend(ptr %base, i32 %from, i32 %length)
    %bytes = extractvalue { ptr, i64 } %slice, 0
    %count = extractvalue { ptr, i64 } %slice, 1
    %r = call { i32, i64 } @read(ptr %base, i32 %sp, target("tessera.cap") %o, ptr %bytes, i64 %count)
    ret { i32, i64 } %r
}
; 8 passes(object, object) -> what the first gives for the second
define internal { i32, target("tessera.cap") } @passes(ptr %base, i32 %sp, i64 %state, target("tessera.cap") %o, target("tessera.cap") %p) "tessera.export"="9111111111111111/8" {
    %r = call { i32, target("tessera.cap") } @same(ptr %base, i32 %sp, target("tessera.cap") %o, target("tessera.cap") %p)
    ret { i32, target("tessera.cap") } %r
}
; 9 keep(object): for later
define internal i32 @keep(ptr %base, i32 %sp, i64 %state, target("tessera.cap") %o) "tessera.export"="9111111111111111/9" {
    %h = call i32 @tessera.cap_to_handle(ptr %base, target("tessera.cap") %o)
    %p = getelementptr i8, ptr %base, i64 131072
    store i32 %h, ptr %p, align 1
    ret i32 0
}
; 10 deep: until there is no stack
define internal i32 @deep(ptr %base, i32 %sp, i64 %state) "tessera.export"="9111111111111111/10" {
    %r = call i32 @deeper(ptr %base, i32 %sp, i32 0)
    ret i32 %r
}
define internal i32 @deeper(ptr %base, i32 %sp, i32 %n) noinline {
    %m = add i32 %n, 1
    %r = call i32 @deeper(ptr %base, i32 %sp, i32 %m)
    %x = xor i32 %r, %m
    ret i32 %x
}
)";

}  // namespace tessera::test
