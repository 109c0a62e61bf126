; refuse: SIR015 an import with arguments whose types nobody knows
; form: checked
declare i32 @"tessera.import.m/n"(ptr, ...) "tessera.import"="m/n"
define internal i32 @f(ptr %base) {
  ret i32 0
}
