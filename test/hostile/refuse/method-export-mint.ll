; refuse: SIR017 objects are made by the kernel alone
; form: wire
define internal i32 @f(ptr %base, i32 %sp, i64 %state) "tessera.export"="0123456789abcdef/mint" {
  ret i32 0
}
