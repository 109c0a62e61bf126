; Divisions of truth values, as only optimisers and fuzzers write them. main returns 6 + 1 / 1, and 1 % 1 in the next bit.
target datalayout = "e-m:e-p:32:32-p10:8:8-p20:8:8-i64:64-i128:128-n32:64-S128-ni:1:10:20"
target triple = "wasm32-unknown-wasip1"

define i1 @quotient(i1 %a, i1 %b) noinline optnone nounwind {
  %r = sdiv i1 %a, %b
  ret i1 %r
}
define <4 x i1> @remainder(<4 x i1> %a, <4 x i1> %b) noinline optnone nounwind {
  %r = urem <4 x i1> %a, %b
  ret <4 x i1> %r
}
define i32 @__main_argc_argv(i32 %count, ptr %words) {
  %one = trunc i32 %count to i1
  %x = call i1 @quotient(i1 %one, i1 %one)
  %four = insertelement <4 x i1> splat (i1 true), i1 %one, i32 0
  %y = call <4 x i1> @remainder(<4 x i1> %four, <4 x i1> %four)
  %lane = extractelement <4 x i1> %y, i32 0
  %low = zext i1 %x to i32
  %high = zext i1 %lane to i32
  %eight = shl i32 %high, 3
  %both = or i32 %low, %eight
  %sum = or i32 %both, 6
  ret i32 %sum
}
