; refuse: SIR020 attacks/big2.ll
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %w = zext i32 %i to i4096
  ret i32 0
}
