@0xe5b1a7c0d3f29486;
# What `tessera bench messages` builds and reads.
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("stock");

struct Person @0xf1e2d3c4b5a69788 {
  id @0 :UInt64;
  name @1 :Text;
  email @2 :Text;
  height @3 :Float32;
  active @4 :Bool;
  phones @5 :List(Phone);

  struct Phone @0x81a2b3c4d5e6f708 {
    number @0 :Text;
    kind @1 :Kind;
  }
  enum Kind @0x91a2b3c4d5e6f709 {
    mobile @0;
    home @1;
    work @2;
  }
}

struct People @0xa1a2b3c4d5e6f70a {
  people @0 :List(Person);
  scores @1 :List(Int32);
}
