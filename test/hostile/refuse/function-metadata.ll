; refuse: SIR024 metadata of a function
; form: checked
!0 = !{!"function_entry_count", i64 1}
define internal i32 @f(ptr %base) !prof !0 {
  ret i32 0
}
