#include "core/linux/syscalls.h"
#include "core/mem/address_space.h"

namespace tessera::libc {

namespace {

constexpr std::uint64_t kProtWrite = 2;
constexpr std::uint64_t kProtExecute = 4;
constexpr std::uint64_t kProtAll = 7;
constexpr std::uint64_t kMapFixed = 0x10;
constexpr std::uint64_t kMapAnonymous = 0x20;
constexpr std::uint64_t kMap32Bit = 0x40;
constexpr std::uint64_t kMapFixedNoReplace = 0x10'0000;
constexpr std::uint64_t kRemapMayMove = 1;
constexpr std::uint64_t kAdviceDontNeed = 4;
constexpr std::uint64_t kAdviceFree = 8;

// Write and execute together has no Access: EACCES.
std::expected<mem::Access, Errno> access_of(std::uint64_t protection) {
    if ((protection & ~kProtAll) != 0) {
        return std::unexpected(kEinval);
    }
    if ((protection & kProtWrite) != 0) {
        return (protection & kProtExecute) != 0 ? std::expected<mem::Access, Errno>(std::unexpected(kEacces))
                                                : mem::Access::ReadWrite;
    }
    if ((protection & kProtExecute) != 0) {
        return mem::Access::ReadExecute;
    }
    return protection != 0 ? mem::Access::Read : mem::Access::None;
}

std::int64_t error_of(mem::MapError error) {
    switch (error) {
    case mem::MapError::NoMemory:
        return -kEnomem;
    case mem::MapError::Exists:
        return -kEexist;
    case mem::MapError::Invalid:
        break;
    }
    return -kEinval;
}

std::int64_t result_of(const std::expected<void, mem::MapError>& result) {
    return result ? 0 : error_of(result.error());
}

}  // namespace

namespace calls {

std::int64_t mmap(const Call& call) {
    const auto access = access_of(call.a[2]);
    if (!access) {
        return -access.error();
    }
    const std::uint64_t flags = call.a[3];
    if ((flags & kMapAnonymous) == 0) {
        return -kEbadf;  // there are no files
    }
    const bool no_replace = (flags & kMapFixedNoReplace) != 0;
    const auto result = mem::map({.address = call.a[0],
                                  .bytes = call.a[1],
                                  .access = *access,
                                  .fixed = (flags & kMapFixed) != 0 || no_replace,
                                  .no_replace = no_replace,
                                  .near = (flags & kMap32Bit) != 0});
    return result ? static_cast<std::int64_t>(*result) : error_of(result.error());
}

std::int64_t munmap(const Call& call) { return result_of(mem::unmap(call.a[0], call.a[1])); }

std::int64_t mprotect(const Call& call) {
    const auto access = access_of(call.a[2]);
    return access ? result_of(mem::protect(call.a[0], call.a[1], *access)) : -access.error();
}

std::int64_t mremap(const Call& call) {
    if (call.a[3] != kRemapMayMove) {
        return -kEinval;
    }
    const auto result = mem::resize(call.a[0], call.a[1], call.a[2]);
    return result ? static_cast<std::int64_t>(*result) : error_of(result.error());
}

std::int64_t madvise(const Call& call) {
    const bool drops = call.a[2] == kAdviceDontNeed || call.a[2] == kAdviceFree;
    return drops ? result_of(mem::discard(call.a[0], call.a[1])) : 0;  // the rest is only advice
}

std::int64_t brk(const Call& call) { return static_cast<std::int64_t>(mem::set_break(call.a[0])); }

}  // namespace calls
}  // namespace tessera::libc
