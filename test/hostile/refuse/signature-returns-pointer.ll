; refuse: SIR015 a pointer leaves its function
; form: checked
define internal ptr @f(ptr %base) {
  ret ptr %base
}
