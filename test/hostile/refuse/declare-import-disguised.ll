; refuse: SIR016 an import whose name and attribute differ
; form: checked
declare i32 @"tessera.import.admin/shutdown"(ptr) "tessera.import"="console/write"
define internal i32 @f(ptr %base) {
  ret i32 0
}
