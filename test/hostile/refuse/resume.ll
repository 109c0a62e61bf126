; refuse: SIR025 unwinds
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  resume i32 %i
}
