; refuse: SIR023 poison for an infinity
; form: checked
define internal i32 @f(ptr %base, i32 %i, float %a, float %b) {
  %c = icmp eq i32 %i, 0
  %x = select ninf i1 %c, float %a, float %b
  ret i32 0
}
