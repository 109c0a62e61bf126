; refuse: SIR027 a phi behind other instructions escapes the look at its entries
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  br label %x
x:
  %a = add i32 %i, 1
  %y = phi target("tessera.cap")
  ret i32 %a
}
