// tessera-lender: the hosted kernel, and imports that lend a program memory to read and to write. The kernel itself
// lends files alone, for reading. For `tessera bench slices`.
#include "boot/system/hosted_start.h"
#include "caps/gate.h"

#include <array>

namespace {

using namespace tessera;

constexpr std::size_t kBuffers = 3;
constexpr std::size_t kBytes = 32768 + 24;

struct alignas(64) Buffer {
    std::array<std::byte, kBytes> bytes;
};
constinit std::array<Buffer, kBuffers> buffers{};

caps::WriteSlice lend(caps::Domain& /*unused*/, std::uint32_t which) {
    return {buffers[which % kBuffers].bytes.data(), kBytes};
}

caps::WriteSlice lend_part(caps::Domain& /*unused*/, std::uint32_t which, std::uint32_t at, std::uint32_t bytes) {
    if (at > kBytes || bytes > kBytes - at) {
        caps::refuse("wants more than is lent");
    }
    return {buffers[which % kBuffers].bytes.data() + at, bytes};
}

caps::ReadSlice lend_for_reading(caps::Domain& /*unused*/, std::uint32_t which) {
    return {buffers[which % kBuffers].bytes.data(), kBytes};
}

}  // namespace

int main(int argc, char** argv) {
    const std::array more = {
        caps::kernel_function<lend>("bench_slice/lend"),
        caps::kernel_function<lend_part>("bench_slice/lend_part"),
        caps::kernel_function<lend_for_reading>("bench_slice/lend_for_reading"),
    };
    system::run_hosted(argc, argv, more);
}
