#include "caps/kernel/metadata.h"

#include <limits>

namespace tessera::caps {
namespace {

Status metadata(WordCall& /*call*/, File& file, WriteSlice into, std::uint64_t& length) {
    return give_metadata(schema::Kind::File, file.bytes().size(), file.number(), into, length);
}

Status size(WordCall& /*call*/, File& file, std::uint64_t& bytes) {
    bytes = file.bytes().size();
    return Status::Ok;
}

Status read(WordCall& /*call*/,
            File& file,
            std::uint64_t position,
            std::uint32_t count,
            WriteSlice into,
            std::uint64_t& length) {
    constexpr std::uint64_t kPartBytes = std::uint64_t{1} << 20U;
    const auto bytes = file.bytes().subspan(std::min<std::uint64_t>(position, file.bytes().size()));
    const auto wanted = std::min<std::uint64_t>(bytes.size(), count);
    if (wanted > into.length) {
        length = wanted;
        return Status::TooSmall;
    }
    while (length < wanted && runtime::share_core()) {
        const auto part = std::min(wanted - length, kPartBytes);
        if (tessera_copy(into.bytes + length, bytes.data() + length, part) != 0) {
            return Status::Stale;
        }
        length += part;
    }
    return Status::Ok;
}

Status
write(WordCall& /*call*/, File& /*file*/, std::uint64_t /*position*/, ReadSlice /*data*/, std::uint64_t& /*written*/) {
    return Status::ReadOnly;
}

Status append(
    WordCall& /*call*/, File& /*file*/, ReadSlice /*data*/, std::uint64_t& /*position*/, std::uint64_t& /*written*/) {
    return Status::ReadOnly;
}

Status resize(WordCall& /*call*/, File& /*file*/, std::uint64_t /*bytes*/) { return Status::ReadOnly; }

Status sync(WordCall& /*call*/, File& /*file*/, std::uint32_t /*data*/) { return Status::Ok; }

Status set_times(WordCall& /*call*/, File& /*file*/, std::int64_t /*accessed*/, std::int64_t /*modified*/) {
    return Status::ReadOnly;
}

Status allocate(WordCall& /*call*/, File& /*file*/, std::uint64_t /*position*/, std::uint64_t /*bytes*/) {
    return Status::ReadOnly;
}

}  // namespace

const KernelTable& file_table() {
    static constexpr auto kMethods = kernel_methods<schema::File,
                                                    metadata,
                                                    size,
                                                    read,
                                                    write,
                                                    append,
                                                    resize,
                                                    sync,
                                                    set_times,
                                                    nullptr,
                                                    nullptr,
                                                    allocate,
                                                    nullptr>();
    static constexpr std::array kInterfaces = {KernelInterface{schema::File::kId, kMethods}};
    static const auto table = kernel_table(kInterfaces);
    return table;
}

}  // namespace tessera::caps
