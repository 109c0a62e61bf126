; refuse: SIR053 a frame passed as a slice
; form: checked
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1 immarg)
define internal void @s(ptr %base, ptr "tessera.rw" %p, i64 %n) {
  ret void
}
define internal i32 @f(ptr %base) {
  %a = alloca [64 x i8], align 16
  call void @llvm.memset.p0.i64(ptr align 16 %a, i8 0, i64 64, i1 false)
  call void @s(ptr %base, ptr %a, i64 65)
  ret i32 0
}
