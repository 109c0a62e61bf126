; refuse: SIR015 an import's slice in the gs segment
; form: checked
declare { ptr addrspace(256), i64 } @"tessera.import.m/n"(ptr) "tessera.import"="m/n" "tessera.result"="rw"
define internal i32 @f(ptr %base) {
  ret i32 0
}
