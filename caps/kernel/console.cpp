#include "caps/kernel/tables.h"
#include "caps/schema/stream.kernel.h"

#include <chrono>
#include <limits>

namespace tessera::caps {
namespace {

using Time = std::chrono::steady_clock::time_point;

constexpr std::size_t kPartBytes = 4096;
constexpr std::uint64_t kForEver = std::numeric_limits<std::uint64_t>::max();

Status read(WordCall& /*call*/,
            Console& console,
            std::uint32_t count,
            std::uint64_t deadline,
            WriteSlice into,
            std::uint64_t& length) {
    constexpr auto kPoll = std::chrono::milliseconds(2);
    std::array<std::byte, kPartBytes> buffer;
    const auto room = std::min<std::uint64_t>({count, into.length, buffer.size()});
    if (count == 0) {
        return Status::Ok;
    }
    if (room == 0) {
        length = 1;
        return Status::TooSmall;
    }
    const auto last = Time(std::chrono::nanoseconds(std::min<std::uint64_t>(deadline, kForEver / 2)));
    while (true) {
        const auto bytes = console.read(std::span(buffer).first(room));
        if (bytes < 0) {
            return Status::EndOfStream;
        }
        if (bytes > 0) {
            return give_bytes(std::span(buffer).first(static_cast<std::size_t>(bytes)), into, length);
        }
        if (deadline == 0) {
            return Status::WouldWait;
        }
        const auto now = std::chrono::steady_clock::now();
        if (now >= last) {
            return Status::TimedOut;
        }
        runtime::sleep_until(std::min(now + kPoll, last));
        if (runtime::is_to_stop(*runtime::current_fiber())) {
            return Status::Cancelled;  // which nobody sees
        }
    }
}

Status write(WordCall& /*call*/, Console& console, ReadSlice data, std::uint64_t /*deadline*/, std::uint64_t& written) {
    std::array<std::byte, kPartBytes> buffer;
    while (written < data.length) {
        const auto bytes = std::min<std::uint64_t>(data.length - written, buffer.size());
        if (tessera_copy(buffer.data(), data.bytes + written, bytes) != 0) {
            return Status::Stale;
        }
        console.write(std::span(buffer).first(bytes));
        written += bytes;
        if (!runtime::share_core()) {
            break;
        }
    }
    return Status::Ok;
}

// Others write to it, too.
Status finish(WordCall& /*call*/, Console& /*console*/) { return Status::Ok; }

// Nobody has told.
Status size(WordCall& /*call*/, Console& /*console*/, std::uint16_t& /*columns*/, std::uint16_t& /*rows*/) {
    return Status::Ok;
}

}  // namespace

const KernelTable& console_table() {
    static constexpr auto kStream = kernel_methods<schema::ByteStream, read, write, finish, nullptr>();
    static constexpr auto kConsole = kernel_methods<schema::Console, size, nullptr, nullptr>();
    static constexpr std::array kInterfaces = {KernelInterface{schema::Console::kId, kConsole},
                                               KernelInterface{schema::ByteStream::kId, kStream}};
    static const auto table = kernel_table(kInterfaces);
    return table;
}

}  // namespace tessera::caps
