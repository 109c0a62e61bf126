; refuse: SIR012 constructors run before any check
; form: checked
@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 0, ptr @f, ptr null }]
define internal i32 @f(ptr %base) {
  ret i32 0
}
