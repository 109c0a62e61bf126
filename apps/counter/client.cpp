// Uses a Counter that it was handed, and knows nothing of who implements it.
#include "counter.tessera.hpp"

#include <cstdio>
#include <cstring>
#include <tessera/console.h>

extern "C" int tessera_main(tessera_cap granted, tessera_cap console) {
    const counting::Counter counter(tessera_cap_to_handle(granted));
    const auto sum = counter.add(40);
    const auto words = counter.words("two words");
    const auto child = counter.child(1000);
    const auto in_child = child ? child->add(1) : tessera::Result<std::uint64_t>(child.error());
    if (!sum || !words || !in_child) {
        return 1;
    }
    char text[100];
    std::snprintf(text,
                  sizeof text,
                  "%llu, with two words %llu; its child %llu\n",
                  static_cast<unsigned long long>(*sum),
                  static_cast<unsigned long long>(*words),
                  static_cast<unsigned long long>(*in_child));
    tessera_console_write(console, text, std::strlen(text));
    return 0;
}
