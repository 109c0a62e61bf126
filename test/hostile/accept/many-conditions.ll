; accept: a check under many others: facts about numbers don't crowd it out
; form: wire
define internal i32 @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i32 %a) {
  %x = freeze i32 %a
  %y1 = lshr i32 %x, 1
  %c1 = icmp ne i32 %y1, 0
  br i1 %c1, label %b1, label %bad
b1:
  %y2 = lshr i32 %x, 2
  %c2 = icmp ne i32 %y2, 0
  br i1 %c2, label %b2, label %bad
b2:
  %y3 = lshr i32 %x, 3
  %c3 = icmp ne i32 %y3, 0
  br i1 %c3, label %b3, label %bad
b3:
  %y4 = lshr i32 %x, 4
  %c4 = icmp ne i32 %y4, 0
  br i1 %c4, label %b4, label %bad
b4:
  %y5 = lshr i32 %x, 5
  %c5 = icmp ne i32 %y5, 0
  br i1 %c5, label %b5, label %bad
b5:
  %y6 = lshr i32 %x, 6
  %c6 = icmp ne i32 %y6, 0
  br i1 %c6, label %b6, label %bad
b6:
  %y7 = lshr i32 %x, 7
  %c7 = icmp ne i32 %y7, 0
  br i1 %c7, label %b7, label %bad
b7:
  %y8 = lshr i32 %x, 8
  %c8 = icmp ne i32 %y8, 0
  br i1 %c8, label %b8, label %bad
b8:
  %y9 = lshr i32 %x, 9
  %c9 = icmp ne i32 %y9, 0
  br i1 %c9, label %b9, label %bad
b9:
  %y10 = lshr i32 %x, 10
  %c10 = icmp ne i32 %y10, 0
  br i1 %c10, label %b10, label %bad
b10:
  %y11 = lshr i32 %x, 11
  %c11 = icmp ne i32 %y11, 0
  br i1 %c11, label %b11, label %bad
b11:
  %y12 = lshr i32 %x, 12
  %c12 = icmp ne i32 %y12, 0
  br i1 %c12, label %b12, label %bad
b12:
  %c = icmp uge i64 %n, 4
  br i1 %c, label %ok, label %bad
ok:
  %v = load i32, ptr %p, align 1
  ret i32 %v
bad:
  ret i32 -1
}
