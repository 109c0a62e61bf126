@0xb7c1d2e3f4a59607;
# What is strict, and the same as a later version might have it, for tests.
using T = import "/tessera/tessera.capnp";

enum Sure @0xc1d2e3f4a5b60718 $T.strict {
  one @0;
  two @1;
}

struct Strict @0xd1e2f3a4b5c60719 {
  sure @0 :Sure;
  choice :union $T.strict {
    first @1 :UInt16;
    second @2 :Void;
  }
}

struct Later @0xe1f2a3b4c5d6071a {
  sure @0 :UInt16;
  choice :union {
    first @1 :UInt16;
    second @2 :Void;
    third @3 :Void;
  }
}
