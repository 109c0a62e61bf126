; refuse: SIR013 an entry that is a kernel helper, which trusts its caller's type
; form: checked
@t = internal constant [1 x ptr] [ptr @tessera.memory_size]
declare i32 @tessera.memory_size(ptr)

define internal i32 @f(ptr %base) {
  ret i32 0
}
