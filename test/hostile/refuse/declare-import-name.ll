; refuse: SIR016 an import under another import's name
; form: checked
declare i32 @console_write(ptr) "tessera.import"="console/write"
define internal i32 @f(ptr %base) {
  ret i32 0
}
