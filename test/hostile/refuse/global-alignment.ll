; refuse: SIR012 an alignment that eats the address space
; form: checked
@g = internal constant [4 x i8] c"abcd", align 4294967296
define internal i32 @f(ptr %base) {
  ret i32 0
}
