; refuse: SIR017 a method whose first result is no status
; form: checked
define internal i64 @f(ptr %base, i32 %sp, i64 %state) "tessera.export"="0123456789abcdef/65535" {
  ret i64 0
}
