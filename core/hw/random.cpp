// ChaCha20 with fast key erasure: each request makes a new key from the old one before anything is handed out, so a
// key found later tells nothing about earlier bytes. Seeded from RDSEED or RDRAND, and always from the counters' jitter
// as well, so that neither is trusted alone. [bernstein, fast-key-erasure random-number generators]
#include "core/hw/random.h"

#include "core/arch/cpuid.h"
#include "core/arch/instructions.h"
#include "core/arch/spinlock.h"

#include <bit>
#include <cstdint>
#include <cstring>

namespace tessera::hw {

namespace {

constexpr unsigned kKeyWords = 8;
constexpr unsigned kBlockWords = 16;
constexpr unsigned kRounds = 20;
constexpr unsigned kJitterSamples = 256;
constexpr unsigned kHardwareTries = 16;

constinit std::uint32_t key[kKeyWords]{};
constinit bool seeded{};
constinit arch::Spinlock lock{};

void quarter(std::uint32_t* x, unsigned a, unsigned b, unsigned c, unsigned d) {
    x[a] += x[b];
    x[d] = std::rotl(x[d] ^ x[a], 16);
    x[c] += x[d];
    x[b] = std::rotl(x[b] ^ x[c], 12);
    x[a] += x[b];
    x[d] = std::rotl(x[d] ^ x[a], 8);
    x[c] += x[d];
    x[b] = std::rotl(x[b] ^ x[c], 7);
}

void make_block(std::uint32_t* out, std::uint64_t counter) {
    std::uint32_t state[kBlockWords] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    std::memcpy(state + 4, key, sizeof key);
    state[12] = static_cast<std::uint32_t>(counter);
    state[13] = static_cast<std::uint32_t>(counter >> 32);
    std::memcpy(out, state, sizeof state);
    for (unsigned i = 0; i < kRounds; i += 2) {
        quarter(out, 0, 4, 8, 12);
        quarter(out, 1, 5, 9, 13);
        quarter(out, 2, 6, 10, 14);
        quarter(out, 3, 7, 11, 15);
        quarter(out, 0, 5, 10, 15);
        quarter(out, 1, 6, 11, 12);
        quarter(out, 2, 7, 8, 13);
        quarter(out, 3, 4, 9, 14);
    }
    for (unsigned i = 0; i < kBlockWords; ++i) {
        out[i] += state[i];
    }
}

bool hardware_random(std::uint64_t& value) {
    for (unsigned i = 0; i < kHardwareTries; ++i) {
        bool ok = false;
        if (arch::features().rdseed) {  // NOLINT(bugprone-branch-clone): one letter of the instruction differs
            asm volatile("rdseed %0" : "=r"(value), "=@ccc"(ok));
        } else if (arch::features().rdrand) {
            asm volatile("rdrand %0" : "=r"(value), "=@ccc"(ok));
        }
        if (ok) {
            return true;
        }
    }
    return false;
}

// Stirs a value into the key by running the cipher over it.
void absorb(std::uint64_t value) {
    key[0] ^= static_cast<std::uint32_t>(value);
    key[1] ^= static_cast<std::uint32_t>(value >> 32);
    std::uint32_t block[kBlockWords];
    make_block(block, value);
    std::memcpy(key, block, sizeof key);
}

void seed() {
    bool strong = false;
    for (unsigned i = 0; i < 4; ++i) {
        std::uint64_t value = 0;
        if (hardware_random(value)) {
            absorb(value);
            strong = true;
        }
    }
    // How long a port access takes varies with everything outside. Without a hardware source it has to carry alone.
    std::uint64_t mixed = arch::read_tsc();
    for (unsigned i = 0; i < (strong ? 8 : kJitterSamples); ++i) {
        (void)arch::in8(0x61);
        mixed = std::rotl(mixed, 7) ^ arch::read_tsc();
        if (i % 8 == 7) {
            absorb(mixed);
        }
    }
    seeded = true;
}

}  // namespace

void fill_random(std::span<std::byte> into) {
    const arch::IrqLock guard(lock);
    if (!seeded) {
        seed();
    }
    std::uint32_t first[kBlockWords];
    make_block(first, 0);
    for (std::size_t done = 0; done < into.size();) {
        std::uint32_t block[kBlockWords];
        make_block(block, done / sizeof block + 1);
        const std::size_t size = into.size() - done < sizeof block ? into.size() - done : sizeof block;
        std::memcpy(into.data() + done, block, size);
        done += size;
    }
    std::memcpy(key, first, sizeof key);
}

}  // namespace tessera::hw
