; refuse: SIR034 a forged capability
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %s = insertvalue { i32, target("tessera.cap") } poison, i32 %i, 0
  %k = extractvalue { i32, target("tessera.cap") } %s, 1
  ret i32 0
}
