// What the verified filter serves, for both sides.
//   f4b7d20c91e85a36/0: one (frame) -> (whether it is wanted)
//   f4b7d20c91e85a36/1: all (a capture file, room for a byte for each of its packets) -> (packets, wanted ones)
#ifndef FILTER_H
#define FILTER_H

#define FILTER_INTERFACE 0xf4b7d20c91e85a36
#define FILTER_EXPRESSION "ip and (udp port 53 or tcp dst port 443)"

#endif
