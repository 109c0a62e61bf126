@0xab3020114fc93d42;
# Connections. A capability to one of these may reach less than the whole network: then calls for the rest are `denied`.
using Tessera = import "tessera.capnp";
using ByteStream = import "stream.capnp".ByteStream;
$Tessera.namespace("tessera");

struct Address @0xd7f213aa1d2d7477 {
  # An address of the internet protocol, and a port.
  union {
    v4 @0 :UInt32;
    # Its first byte is the most significant.
    v6 @1 :Data;
    # 16 bytes.
  }
  port @2 :UInt16;
  zone @3 :UInt32;
  # Of a link-local address of version 6: which link.
}

interface Connection @0xefcb8dd561687e53 extends(ByteStream) {
  # One TCP connection. Releasing it closes it in order.

  addresses @0 () -> (local :Address, remote :Address) $Tessera.strict;

  abort @1 () -> () $Tessera.strict;
  # Breaks off: the other side sees a reset.

  setDelay @2 (coalesce :Bool) -> ();
  # Whether small writes wait for each other (Nagle). At the start they do not.

  setKeepAlive @3 (seconds :UInt32) -> ();
  # 0: none.
}

interface Tcp @0xc9e3f5b57e7738b1 {
  connect @0 (remote :Address, deadline :UInt64 = 0xffffffffffffffff) -> (connection :Connection) $Tessera.strict;
  # refused, unreachable, denied, timedOut, cancelled, reset.

  listen @1 (local :Address, backlog :UInt32 = 128) -> (listener :TcpListener) $Tessera.strict;
  # addressInUse, denied.
}

interface TcpListener @0xdc2b67276a6bc8b1 {
  accept @0 (deadline :UInt64 = 0xffffffffffffffff) -> (connection :Connection) $Tessera.strict;
  # wouldWait, timedOut, cancelled.

  address @1 () -> (local :Address) $Tessera.strict;
  # The port that was chosen, where 0 was asked for.
}

interface Udp @0xfd9a041408457002 {
  bind @0 (local :Address) -> (socket :UdpSocket) $Tessera.strict;
  # addressInUse, denied.
}

interface UdpSocket @0xb12bd0d254e63ab5 {
  send @0 (remote :Address, data :Data) -> () $Tessera.strict;
  # Never waits. tooLarge, unreachable, denied, wouldWait.

  receive @1 (count :UInt32, deadline :UInt64 = 0xffffffffffffffff) -> (remote :Address, data :Data, length :UInt32) $Tessera.strict;
  # One datagram; of a longer one its first `count` bytes. `length` is the whole length.

  address @2 () -> (local :Address) $Tessera.strict;

  join @3 (group :Address) -> ();

  leave @4 (group :Address) -> ();
}

interface Resolver @0xd9e681b13d7af324 {
  resolve @0 (name :Text, deadline :UInt64 = 0xffffffffffffffff) -> (addresses :List(Address), secondsValid :UInt32) $Tessera.strict;
  # In the order in which to try them; ports are 0. notFound, denied, unreachable, timedOut, cancelled.

  reverse @1 (address :Address, deadline :UInt64 = 0xffffffffffffffff) -> (name :Text);
}
