; accept: branches, switches, loops without end, traps
; form: wire
define internal i32 @f(ptr %base, i32 %i, i64 %x) {
entry:
  switch i32 %i, label %other [
    i32 0, label %zero
    i32 1, label %zero
    i32 2, label %forever
    i32 3, label %dead
  ]
zero:
  %p = phi i32 [ 7, %entry ], [ 7, %entry ]
  ret i32 %p
forever:
  br label %forever
dead:
  unreachable
other:
  switch i64 %x, label %dead [
    i64 -1, label %trap
    i64 4294967296, label %zero2
  ]
trap:
  call void @llvm.trap()
  unreachable
zero2:
  ret i32 %i
}
declare void @llvm.trap()
