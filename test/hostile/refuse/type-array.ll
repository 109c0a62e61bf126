; refuse: SIR020 attacks/big1.ll: 113 bytes took 10 seconds to compile
; form: checked
define internal i32 @f(ptr %base) {
  %p = getelementptr i8, ptr %base, i64 65536
  %v = load [20000 x i32], ptr %p, align 1
  ret i32 0
}
