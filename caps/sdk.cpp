// The tessera_* imports of docs/notes/sdk.md: what a program does with capabilities that it holds itself.
//
// A capability of another interface, or the null capability, is a mistake that the program's author has to see: a trap.
#include "caps/gate.h"
#include "caps/imports.h"
#include "caps/long_copy.h"
#include "caps/wait_for_input.h"
#include "runtime/copy.h"
#include "safeir/wire/format.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <string>

namespace tessera::caps {
namespace {

constexpr std::uint32_t kNameBytesMax = 1024;

template <typename T>
T& expect(Object* object, const char* otherwise) {
    auto* typed = as<T>(object);
    if (typed == nullptr) {
        refuse(otherwise);
    }
    return *typed;
}

Console& console(Object* cap) { return expect<Console>(cap, "used a capability that is not a Console as one"); }
Clock& clock_of(Object* cap) { return expect<Clock>(cap, "used a capability that is not a Clock as one"); }
Directory& directory(Object* cap) { return expect<Directory>(cap, "used a capability that is not a Directory as one"); }
File& file(Object* cap) { return expect<File>(cap, "used a capability that is not a File as one"); }

void check_range(Domain& domain, std::uint32_t offset, std::uint64_t length, bool write) {
    if (!domain.arena().contains(offset, length)) {
        memory_fault(offset, write);
    }
}

std::int32_t console_write(Domain& domain, Object* cap, std::uint32_t offset, std::uint32_t length) {
    auto& target = console(cap);
    check_range(domain, offset, length, false);
    length = std::min(length, 0x7FFFFFFFU);
    std::array<std::byte, 4096> buffer;
    for (std::uint32_t done = 0; done < length;) {
        const auto bytes = std::min<std::uint32_t>(length - done, buffer.size());
        if (!domain.arena().read(offset + done, buffer.data(), bytes)) {
            memory_fault(offset, false);
        }
        target.write(std::span(buffer).first(bytes));
        done += bytes;
        runtime::pause_point();
    }
    return static_cast<std::int32_t>(length);
}

std::int32_t console_read(Domain& domain, Object* cap, std::uint32_t offset, std::uint32_t length) {
    auto& source = console(cap);
    check_range(domain, offset, length, true);
    std::array<std::byte, 4096> buffer;
    const auto bytes = wait_for_input(source, std::span(buffer).first(std::min<std::size_t>(length, buffer.size())));
    if (!domain.arena().write(offset, buffer.data(), bytes)) {
        memory_fault(offset, true);
    }
    return static_cast<std::int32_t>(bytes);
}

std::int64_t clock_now(Domain& /*unused*/, Object* cap) { return clock_of(cap).monotonic_ns(); }
std::int64_t clock_wall(Domain& /*unused*/, Object* cap) { return clock_of(cap).wall_ns(); }

std::int32_t random_fill(Domain& domain, Object* cap, std::uint32_t offset, std::uint32_t length) {
    auto& source = expect<Random>(cap, "used a capability that is not a Random as one");
    length = std::min(length, 0x7FFFFFFFU);
    check_range(domain, offset, length, true);
    std::array<std::byte, 256> buffer;
    for (std::uint32_t done = 0; done < length;) {
        const auto bytes = std::min<std::uint32_t>(length - done, buffer.size());
        source.fill(std::span(buffer).first(bytes));
        if (!domain.arena().write(offset + done, buffer.data(), bytes)) {
            memory_fault(offset, true);
        }
        done += bytes;
        runtime::pause_point();
    }
    return static_cast<std::int32_t>(length);
}

Object* directory_open(Domain& domain, Object* cap, std::uint32_t name, std::uint32_t length) {
    auto& parent = directory(cap);
    if (length > kNameBytesMax) {
        return nullptr;
    }
    std::array<char, kNameBytesMax> text;
    if (!domain.arena().read(name, text.data(), length)) {
        memory_fault(name, false);
    }
    return parent.open({text.data(), length}).get();  // the tree keeps it
}

std::int32_t
directory_entry(Domain& domain, Object* cap, std::uint32_t index, std::uint32_t offset, std::uint32_t length) {
    const auto entry = directory(cap).entry(index);
    if (!entry) {
        return 0;
    }
    const auto bytes = std::min<std::size_t>(entry->name.size(), length);
    if (!domain.arena().write(offset, entry->name.data(), bytes)) {
        memory_fault(offset, true);
    }
    return static_cast<std::int32_t>(entry->name.size());
}

std::int64_t file_size(Domain& /*unused*/, Object* cap) { return static_cast<std::int64_t>(file(cap).bytes().size()); }

std::int32_t
file_read(Domain& domain, Object* cap, std::uint64_t position, std::uint32_t offset, std::uint32_t length) {
    const auto bytes = file(cap).bytes();
    if (position >= bytes.size()) {
        return 0;
    }
    const auto count = std::min<std::uint64_t>({bytes.size() - position, length, 0x7FFFFFFF});
    if (!write_long(domain.arena(), offset, bytes.data() + position, count)) {
        memory_fault(offset, true);
    }
    return static_cast<std::int32_t>(count);
}

ReadSlice file_map(Domain& /*unused*/, Object* cap) {
    const auto bytes = file(cap).bytes();
    return {bytes.data(), std::min<std::size_t>(bytes.size(), safeir::wire::kSliceBytesMax)};
}

// The program's own memory, to be lent for a call.
WriteSlice memory_slice(Domain& domain, std::uint32_t offset, std::uint32_t length) {
    check_range(domain, offset, length, true);
    if (length > safeir::wire::kSliceBytesMax) {
        refuse("lends more than 2 GiB at once");
    }
    return {domain.arena().base() + offset, length};
}

ReadSlice memory_slice_const(Domain& domain, std::uint32_t offset, std::uint32_t length) {
    const auto slice = memory_slice(domain, offset, length);
    return {slice.bytes, slice.length};
}

}  // namespace

std::vector<safeir::KernelFunction> sdk_functions() {
    return {
        kernel_function<console_write>("tessera_console/write"),
        kernel_function<console_read>("tessera_console/read"),
        kernel_function<clock_now>("tessera_clock/now"),
        kernel_function<clock_wall>("tessera_clock/wall"),
        kernel_function<random_fill>("tessera_random/fill"),
        kernel_function<directory_open>("tessera_directory/open"),
        kernel_function<directory_entry>("tessera_directory/entry"),
        kernel_function<file_size>("tessera_file/size"),
        kernel_function<file_read>("tessera_file/read"),
        kernel_function<file_map>("tessera_file/map"),
        kernel_function<memory_slice>("tessera_memory/slice"),
        kernel_function<memory_slice_const>("tessera_memory/slice_const"),
    };
}

}  // namespace tessera::caps
