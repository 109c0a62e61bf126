@0xc8a9e4d2f1b30577;
# One of each thing that a schema can hold, for tests.
using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("stock");

enum Color @0xe3e8a2b4c5d60718 {
  red @0;
  green @1;
  blue @2;
}

struct Every @0xf0d1c2b3a4958677 {
  nothing @0 :Void;
  truth @1 :Bool;
  tiny @2 :Int8;
  small @3 :Int16;
  number @4 :Int32;
  big @5 :Int64;
  utiny @6 :UInt8;
  usmall @7 :UInt16;
  unumber @8 :UInt32;
  ubig @9 :UInt64;
  single @10 :Float32;
  double @11 :Float64;
  text @12 :Text;
  data @13 :Data;
  child @14 :Every;
  color @15 :Color;

  list @16 :List(Int32);
  truths @17 :List(Bool);
  nothings @18 :List(Void);
  bytes @19 :List(UInt8);
  longs @20 :List(UInt64);
  doubles @21 :List(Float64);
  texts @22 :List(Text);
  datas @23 :List(Data);
  children @24 :List(Every);
  colors @25 :List(Color);
  nested @26 :List(List(Int16));
  any @27 :AnyPointer;

  choice :union {
    first @28 :UInt32;
    second @29 :Text;
    third @30 :Void;
    fourth :group {
      x @31 :Int16;
      y @32 :Text;
    }
  }

  place :group {
    column @33 :UInt16;
    row @34 :UInt16 = 7;
  }

  defTruth @35 :Bool = true;
  defNumber @36 :Int32 = -123456;
  defBig @37 :UInt64 = 0xfedcba9876543210;
  defSingle @38 :Float32 = 1.5;
  defDouble @39 :Float64 = -2.25;
  defText @40 :Text = "default text";
  defData @41 :Data = 0x"01 02 fe ff";
  defColor @42 :Color = blue;
  defList @43 :List(Int32) = [10, -20, 30];
  defChild @44 :Inner = (a = 5, b = "inner");
  defTexts @45 :List(Text) = ["p", "q"];
  inners @46 :List(Inner);

  struct Inner @0xa1b2c3d4e5f60718 {
    a @0 :UInt32;
    b @1 :Text;
    union {
      none @2 :Void;
      some @3 :Float64;
    }
  }

  const limit :UInt32 = 99;
}

const greeting :Text = "hello";

struct Old @0x9d4f7a1c2b3e5069 {
  # As Every.Inner in an earlier version.
  a @0 :UInt32;
}

struct New @0xb1c2d3e4f5061728 {
  # As Every.Inner in a later one.
  a @0 :UInt32;
  b @1 :Text;
  union {
    none @2 :Void;
    some @3 :Float64;
  }
  c @4 :UInt64 = 77;
  d @5 :Text;
  e @6 :List(UInt8);
}

struct Holder @0xc3d4e5f607182930 {
  # A list of numbers that became a list of structs, both ways.
  numbers @0 :List(UInt32);
  structs @1 :List(Old);
}

struct UpgradedHolder @0xd4e5f60718293041 {
  numbers @0 :List(Old);
  structs @1 :List(UInt32);
}
