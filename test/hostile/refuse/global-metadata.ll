; refuse: SIR012 metadata of a global
; form: checked
@g = internal constant [4 x i8] c"abcd", !absolute_symbol !0
!0 = !{i64 0, i64 4096}
define internal i32 @f(ptr %base) {
  ret i32 0
}
