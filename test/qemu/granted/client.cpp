// More objects than a domain may have at once, one after the other: each goes with its last reference, on both sides.
#include "pairs.tessera.hpp"

#include <cstdio>
#include <string>
#include <tessera/call.h>

extern "C" int tessera_main(tessera_cap granted_left, tessera_cap granted_right) {
    const pairs::Left left(tessera_cap_to_handle(granted_left));
    const pairs::Right right(tessera_cap_to_handle(granted_right));
    std::uint64_t sum = 0;
    for (std::uint64_t i = 0; i < 300000; ++i) {
        const auto made = left.make(i & 1);
        const auto value = made ? made->value() : tessera::Result<std::uint64_t>(made.error());
        if (!value) {
            std::printf("status %d after %llu\n", value.status(), static_cast<unsigned long long>(i));
            return 1;
        }
        sum += *value;
    }
    char room[16];
    const auto name = right.name(room);
    std::printf("%llu %s\n", static_cast<unsigned long long>(sum), name ? std::string(*name).c_str() : "?");
    return 0;
}
