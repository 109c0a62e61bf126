#include "caps/kernel/tables.h"
#include "caps/schema/random.kernel.h"

namespace tessera::caps {
namespace {

Status bytes(WordCall& /*call*/, Random& random, std::uint32_t count, WriteSlice into, std::uint64_t& length) {
    if (count > into.length) {
        length = count;
        return Status::TooSmall;
    }
    std::array<std::byte, 256> buffer;
    while (length < count) {
        const auto part = std::min<std::uint64_t>(count - length, buffer.size());
        random.fill(std::span(buffer).first(part));
        if (tessera_copy(into.bytes + length, buffer.data(), part) != 0) {
            return Status::Stale;
        }
        length += part;
        if (!runtime::share_core()) {
            break;  // for nobody
        }
    }
    return Status::Ok;
}

Status number(WordCall& /*call*/, Random& random, std::uint64_t& value) {
    random.fill(std::as_writable_bytes(std::span(&value, 1)));
    return Status::Ok;
}

}  // namespace

const KernelTable& random_table() {
    static constexpr auto kMethods = kernel_methods<schema::Random, bytes, number>();
    static constexpr std::array kInterfaces = {KernelInterface{schema::Random::kId, kMethods}};
    static const auto table = kernel_table(kInterfaces);
    return table;
}

}  // namespace tessera::caps
