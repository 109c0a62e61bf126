; refuse: SIR021 a capability that is poison by one way
; form: checked
define internal target("tessera.cap") @f(ptr %base, i32 %i, target("tessera.cap") %k) {
  %c = icmp eq i32 %i, 0
  br i1 %c, label %a, label %b
a:
  br label %b
b:
  %x = phi target("tessera.cap") [ poison, %0 ], [ %k, %a ]
  ret target("tessera.cap") %x
}
