; refuse: SIR014 a comdat may be replaced by another file's
; form: checked
$c = comdat any
define internal i32 @f(ptr %base) comdat($c) {
  ret i32 0
}
