; refuse: SIR012 a comdat may be replaced by another file's
; form: checked
$c = comdat any
@g = internal constant [4 x i8] c"abcd", comdat($c)
define internal i32 @f(ptr %base) {
  ret i32 0
}
