; refuse: SIR014 only parameters are slices
; form: checked
define internal "tessera.ro" i32 @f(ptr %base) {
  ret i32 0
}
