; refuse: SIR044 a scope of one thread
; form: checked
define internal i32 @f(ptr %base) {
  fence syncscope("singlethread") seq_cst
  ret i32 0
}
