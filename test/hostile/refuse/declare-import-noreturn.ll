; refuse: SIR014 an import that says it never returns
; form: checked
declare i32 @"tessera.import.m/n"(ptr) noreturn "tessera.import"="m/n"
define internal i32 @f(ptr %base) {
  ret i32 0
}
