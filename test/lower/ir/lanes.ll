; Initial values of vectors whose lanes are no whole bytes: they lie side by side, as LLVM's loads see them.
target triple = "wasm32-unknown-wasip1"
@bits = global <4 x i1> <i1 1, i1 0, i1 1, i1 1>
@all = global <4 x i1> splat (i1 true)
@halves = global <2 x i4> <i4 3, i4 undef>
@wide = global <2 x i24> <i24 66051, i24 263430>
define i32 @main(i32 %count, ptr %words) {
  %bits = load volatile i8, ptr @bits
  %all = load volatile i8, ptr @all
  %halves = load volatile i8, ptr @halves
  %at = getelementptr i8, ptr @wide, i32 3
  %wide = load volatile i8, ptr %at
  %a = icmp eq i8 %bits, 13
  %b = icmp eq i8 %all, 15
  %c = icmp eq i8 %halves, 3
  %d = icmp eq i8 %wide, 6
  %ab = and i1 %a, %b
  %cd = and i1 %c, %d
  %good = and i1 %ab, %cd
  %status = select i1 %good, i32 42, i32 1
  ret i32 %status
}
