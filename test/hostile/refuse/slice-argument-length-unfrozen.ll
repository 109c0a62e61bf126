; refuse: SIR053 the callee takes the length that it's given for one number: masked, but not frozen, it may be two
; form: checked
define internal void @g(ptr %base, ptr "tessera.ro" %p, i64 %n) {
  ret void
}
define internal void @f(ptr %base, ptr "tessera.ro" %p, i64 %n, i64 %x) {
  %m = and i64 %x, 7
  %c = icmp ugt i64 %n, 7
  br i1 %c, label %in, label %out
in:
  call void @g(ptr %base, ptr %p, i64 %m)
  br label %out
out:
  ret void
}
