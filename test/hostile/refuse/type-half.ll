; refuse: SIR020 half floats are not in the dialect
; form: checked
define internal i32 @f(ptr %base, float %x) {
  %h = fptrunc float %x to half
  %y = fpext half %h to float
  ret i32 0
}
