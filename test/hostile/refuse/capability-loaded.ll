; refuse: SIR040 attacks: data becomes a capability
; form: checked
define internal i32 @f(ptr %base, i32 %i) {
  %p = getelementptr i8, ptr %base, i64 65536
  %k = load target("tessera.cap"), ptr %p, align 1
  ret i32 0
}
