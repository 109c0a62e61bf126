; refuse: SIR015 an import that gives a bare pointer
; form: checked
declare ptr @"tessera.import.m/n"(ptr) "tessera.import"="m/n"
define internal i32 @f(ptr %base) {
  ret i32 0
}
