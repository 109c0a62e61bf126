; refuse: SIR020 a vector of addresses
; form: checked
define internal i32 @f(ptr %base, <2 x i32> %i) {
  %z = zext <2 x i32> %i to <2 x i64>
  %p = getelementptr i8, ptr %base, <2 x i64> %z
  ret i32 0
}
