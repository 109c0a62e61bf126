; refuse: SIR011 a target of its own
; form: checked
target triple = "x86_64-unknown-linux-gnu"
define internal i32 @f(ptr %base) {
  ret i32 0
}
