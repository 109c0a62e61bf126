; refuse: SIR053 a helper given a frame
; form: checked
declare void @tessera.slice_read(ptr, ptr "tessera.ro", i64, i64, i32, i32)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1 immarg)
define internal i32 @f(ptr %base, i32 %i) {
  %a = alloca [16 x i8], align 16
  call void @llvm.memset.p0.i64(ptr align 16 %a, i8 0, i64 16, i1 false)
  call void @tessera.slice_read(ptr %base, ptr %a, i64 16, i64 0, i32 65536, i32 4)
  ret i32 0
}
