// Arguments, environment, exit, randomness.
#include "caps/gate.h"
#include "caps/wasi/calls.h"
#include "caps/wasi/errno.h"
#include "caps/wasi/state.h"

#include <algorithm>
#include <array>

namespace tessera::caps::wasi {
namespace {

std::vector<std::string> environment(const Domain& domain) {
    std::vector<std::string> texts;
    for (const auto& [name, value] : domain.spec().env) {
        texts.push_back(name);
        texts.back().append("=").append(value);
    }
    return texts;
}

// The C layout: an array of pointers, and the strings with their final zeros.
Errno put_strings(Domain& domain, const std::vector<std::string>& strings, Place<U32> pointers, Bytes text) {
    for (const auto& string : strings) {
        if (!pointers.put(domain.arena(), text.offset) ||
            !domain.arena().write(text.offset, string.c_str(), string.size() + 1)) {
            return kFault;
        }
        pointers = pointers.element(1);
        text = text.element(static_cast<U32>(string.size()) + 1);
    }
    return kSuccess;
}

Errno put_sizes(Domain& domain, const std::vector<std::string>& strings, Place<U32> count_at, Place<U32> bytes_at) {
    U32 bytes = 0;
    for (const auto& string : strings) {
        bytes += static_cast<U32>(string.size()) + 1;
    }
    const auto count = static_cast<U32>(strings.size());
    return count_at.put(domain.arena(), count) && bytes_at.put(domain.arena(), bytes) ? kSuccess : kFault;
}

}  // namespace

U32 args_get(Domain& domain, Place<U32> pointers, Bytes text) {
    return put_strings(domain, domain.spec().args, pointers, text);
}
U32 args_sizes_get(Domain& domain, Place<U32> count, Place<U32> bytes) {
    return put_sizes(domain, domain.spec().args, count, bytes);
}
U32 environ_get(Domain& domain, Place<U32> pointers, Bytes text) {
    return put_strings(domain, environment(domain), pointers, text);
}
U32 environ_sizes_get(Domain& domain, Place<U32> count, Place<U32> bytes) {
    return put_sizes(domain, environment(domain), count, bytes);
}

void proc_exit(Domain& /*unused*/, U32 status) {
    runtime::end_program({.kind = runtime::FaultKind::Exit, .status = static_cast<std::int32_t>(status)});
}

U32 sched_yield(Domain& /*unused*/) {
    runtime::yield();
    return kSuccess;
}

U32 random_get(Domain& domain, Bytes buffer, UserLength length) {
    auto* random = domain.wasi().random();
    if (random == nullptr) {
        return kNotCapable;
    }
    const auto span = UserSpan::of(domain.arena(), buffer, length);
    if (!span) {
        return kFault;
    }
    std::array<std::byte, 256> bytes;
    for (U32 done = 0; done < span->bytes();) {
        const auto count = std::min<U32>(span->bytes() - done, bytes.size());
        random->fill(std::span(bytes).first(count));
        if (!domain.arena().write(span->offset() + done, bytes.data(), count)) {
            return kFault;
        }
        done += count;
        runtime::pause_point();
    }
    return kSuccess;
}

}  // namespace tessera::caps::wasi
