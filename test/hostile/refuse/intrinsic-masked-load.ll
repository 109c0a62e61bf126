; refuse: SIR022 a vector of addresses
; form: checked
declare <2 x i32> @llvm.masked.gather.v2i32.v2p0(<2 x ptr>, i32, <2 x i1>, <2 x i32>)
define internal i32 @f(ptr %base, i32 %i) {
  %x = call <2 x i32> @llvm.masked.gather.v2i32.v2p0(<2 x ptr> zeroinitializer, i32 4, <2 x i1> zeroinitializer, <2 x i32> zeroinitializer)
  ret i32 0
}
