; refuse: SIR015 a scalable vector
; form: checked
define internal i32 @f(ptr %base, <vscale x 4 x i32> %x) {
  ret i32 0
}
