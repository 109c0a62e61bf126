; refuse: SIR011 another data layout, with pointers that are no integers
; form: checked
target datalayout = "e-m:e-p10:64:64:64-i64:64-i128:128-n8:16:32:64-S128-ni:10"
define internal i32 @f(ptr %base) {
  ret i32 0
}
