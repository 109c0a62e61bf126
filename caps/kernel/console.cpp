#include "caps/kernel/tables.h"
#include "caps/schema/stream.kernel.h"

#include <chrono>
#include <limits>

namespace tessera::caps {
namespace {

using Time = std::chrono::steady_clock::time_point;

constexpr std::size_t kPartBytes = 4096;
constexpr std::uint64_t kForEver = std::numeric_limits<std::uint64_t>::max();

// Waiting for what a device does: first by looking again at once, since most of the time it is soon there, then by
// letting others run for ever longer times.
class Wait {
  public:
    explicit Wait(std::uint64_t deadline)
        : deadline_(deadline), last_(std::chrono::nanoseconds(std::min<std::uint64_t>(deadline, kForEver / 2))) {}

    // Ok: look again. Cancelled is seen by nobody: the program is to be stopped.
    Status once() {
        constexpr auto kLongest = std::chrono::microseconds(2000);
        if (deadline_ == 0) {
            return Status::WouldWait;
        }
        const auto now = std::chrono::steady_clock::now();
        if (now >= last_) {
            return Status::TimedOut;
        }
        if (looks_ > 0) {
            --looks_;
            return runtime::share_core() ? Status::Ok : Status::Cancelled;
        }
        runtime::sleep_until(std::min(now + time_, last_));
        time_ = std::min(time_ * 2, kLongest);
        return runtime::is_to_stop(*runtime::current_fiber()) ? Status::Cancelled : Status::Ok;
    }

  private:
    std::uint64_t deadline_;
    Time last_;
    unsigned looks_ = 1000;
    std::chrono::microseconds time_{100};
};

Status read(WordCall& /*call*/,
            Console& console,
            std::uint32_t count,
            std::uint64_t deadline,
            WriteSlice into,
            std::uint64_t& length) {
    std::array<std::byte, kPartBytes> buffer;
    const auto room = std::min<std::uint64_t>({count, into.length, buffer.size()});
    if (count == 0) {
        return Status::Ok;
    }
    if (room == 0) {
        length = 1;
        return Status::TooSmall;
    }
    Wait wait(deadline);
    while (true) {
        const auto bytes = console.read(std::span(buffer).first(room));
        if (bytes < 0) {
            return bytes == platform::kEndOfInput ? Status::EndOfStream : Status::Device;
        }
        if (bytes > 0) {
            return give_bytes(std::span(buffer).first(static_cast<std::size_t>(bytes)), into, length);
        }
        if (const auto status = wait.once(); status != Status::Ok) {
            return status;
        }
    }
}

Status status_of(platform::Delivery delivery) {
    switch (delivery) {
    case platform::Delivery::Done:
        return Status::Ok;
    case platform::Delivery::Underway:
        return Status::WouldWait;
    case platform::Delivery::Closed:
        return Status::Closed;
    case platform::Delivery::Full:
        return Status::NoSpace;
    case platform::Delivery::Broken:
        break;
    }
    return Status::Device;
}

// Until it is known what became of it.
Status deliver(Console& console, std::uint64_t mark) {
    for (Wait wait(kForEver);;) {
        const auto delivery = console.delivery(mark);
        if (delivery != platform::Delivery::Underway) {
            return status_of(delivery);
        }
        if (const auto status = wait.once(); status != Status::Ok) {
            return status;
        }
    }
}

// The deadline is for being taken. What was taken is soon delivered, or never.
Status write(WordCall& /*call*/, Console& console, ReadSlice data, std::uint64_t deadline, std::uint64_t& written) {
    std::array<std::byte, kPartBytes> buffer;
    std::uint64_t mark = 0;
    Wait wait(deadline);
    while (written < data.length) {
        const auto bytes = std::min<std::uint64_t>(data.length - written, buffer.size());
        if (tessera_copy(buffer.data(), data.bytes + written, bytes) != 0) {
            return Status::Stale;
        }
        const auto taken = console.write(std::span(buffer).first(bytes), mark);
        written += taken;
        const auto status = taken == 0 ? wait.once() : runtime::share_core() ? Status::Ok : Status::Cancelled;
        if (status != Status::Ok) {
            return written == 0 ? status : deliver(console, mark);
        }
        if (taken != 0) {
            wait = Wait(deadline);
            if (console.delivery(mark) > platform::Delivery::Underway) {
                break;
            }
        }
    }
    return data.length == 0 ? Status::Ok : deliver(console, mark);
}

// Others write to it, too.
Status finish(WordCall& /*call*/, Console& /*console*/) { return Status::Ok; }

// Nobody has told.
Status size(WordCall& /*call*/, Console& /*console*/, std::uint16_t& /*columns*/, std::uint16_t& /*rows*/) {
    return Status::Ok;
}

Status errors(WordCall& /*call*/, Console& console, ObjectHeader*& stream) {
    stream = &console.errors().header();
    return Status::Ok;
}

Status is_terminal(WordCall& /*call*/, Console& console, bool& input, bool& output, bool& errors) {
    const auto terminals = console.terminals();
    input = terminals.input;
    output = terminals.output;
    errors = terminals.errors;
    return Status::Ok;
}

}  // namespace

const KernelTable& console_table() {
    static constexpr auto kStream = kernel_methods<schema::ByteStream, read, write, finish, nullptr>();
    static constexpr auto kConsole = kernel_methods<schema::Console, size, nullptr, nullptr, errors, is_terminal>();
    static constexpr std::array kInterfaces = {KernelInterface{schema::Console::kId, kConsole},
                                               KernelInterface{schema::ByteStream::kId, kStream}};
    static const auto table = kernel_table(kInterfaces);
    return table;
}

}  // namespace tessera::caps
