; refuse: SIR015 a length of 32 bits leaves the upper ones to chance
; form: checked
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i32 %n) {
  ret i32 0
}
