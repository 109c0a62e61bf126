; refuse: SIR031 all lanes must be zero for this guard to act
; form: checked
declare i1 @llvm.vector.reduce.and.v2i1(<2 x i1>)
define internal i32 @f(ptr %base, <2 x i32> %v, <2 x i32> %w) {
  %e = icmp eq <2 x i32> %w, zeroinitializer
  %c = call i1 @llvm.vector.reduce.and.v2i1(<2 x i1> %e)
  br i1 %c, label %bad, label %go
bad:
  ret i32 0
go:
  %x = udiv <2 x i32> %v, %w
  ret i32 0
}
