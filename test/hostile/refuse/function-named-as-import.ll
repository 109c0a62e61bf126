; refuse: SIR014 a function that has an import's name
; form: checked
define internal i32 @tessera.import.console(ptr %base) {
  ret i32 0
}
