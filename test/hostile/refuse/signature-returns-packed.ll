; refuse: SIR015 a packed struct
; form: checked
define internal <{ i32, i32 }> @f(ptr %base) {
  ret <{ i32, i32 }> zeroinitializer
}
