; refuse: SIR017 a method whose state is a capability, which no caller hands over
; form: checked
define internal i32 @f(ptr %base, i32 %sp, target("tessera.cap") %state) "tessera.export"="0123456789abcdef/0" {
  ret i32 0
}
