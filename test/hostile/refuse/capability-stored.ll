; refuse: SIR040 attacks: a capability becomes data
; form: checked
define internal i32 @f(ptr %base, target("tessera.cap") %k) {
  %p = getelementptr i8, ptr %base, i64 65536
  store target("tessera.cap") %k, ptr %p, align 1
  ret i32 0
}
