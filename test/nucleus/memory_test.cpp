#include "test/nucleus/check.h"

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <malloc.h>
#include <sys/mman.h>
#include <vector>

namespace {

constexpr std::size_t kGiB = std::size_t{1} << 30;
constexpr std::size_t kPage = 4096;

char* reserve(std::size_t bytes) {
    return static_cast<char*>(mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
}

void test_arenas() {
    const std::uint64_t before = tessera::platform::memory_use().free_bytes;
    std::vector<char*> arenas;
    for (unsigned i = 0; i < 1000; ++i) {
        char* arena = reserve(6 * kGiB);
        CHECK(arena != MAP_FAILED);
        for (const std::size_t at : {std::size_t{65536}, 2 * kGiB, 4 * kGiB - kPage}) {
            CHECK(mprotect(arena + at, kPage, PROT_READ | PROT_WRITE) == 0);
            CHECK(arena[at] == 0 && arena[at + kPage - 1] == 0);
            arena[at] = 1;
        }
        arenas.push_back(arena);
        if (i >= 20) {  // an arena that is touched takes some 40 KiB of tables and pages
            CHECK(munmap(arenas[i - 20], 6 * kGiB) == 0);
        }
    }
    for (unsigned i = 980; i < 1000; ++i) {
        CHECK(munmap(arenas[i], 6 * kGiB) == 0);
    }
    const std::uint64_t after = tessera::platform::memory_use().free_bytes;
    CHECK(after + (1 << 20) > before);
}

void test_code() {
    // mov eax, 42; ret
    const unsigned char code[] = {0xb8, 42, 0, 0, 0, 0xc3};
    auto* page =
        static_cast<unsigned char*>(mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    for (unsigned round = 0; round < 50; ++round) {
        std::memcpy(page, code, sizeof code);
        page[1] = static_cast<unsigned char>(round);
        CHECK(mprotect(page, kPage, PROT_READ | PROT_EXEC) == 0);
        CHECK(reinterpret_cast<unsigned (*)()>(reinterpret_cast<std::uintptr_t>(page))() == round);
        CHECK(mprotect(page, kPage, PROT_READ | PROT_WRITE) == 0);
    }
    CHECK(mprotect(page, kPage, PROT_READ | PROT_WRITE | PROT_EXEC) == -1 && errno == EACCES);
    CHECK(mmap(nullptr, kPage, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED &&
          errno == EACCES);
    CHECK(mprotect(page, kPage, PROT_READ | PROT_EXEC) == 0);
    CHECK(munmap(page, kPage) == 0);
    void* near = mmap(nullptr, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    CHECK(near != MAP_FAILED && reinterpret_cast<std::uintptr_t>(near) + (1 << 20) <= 0x8000'0000);
    std::memset(near, 1, 1 << 20);
    CHECK(munmap(near, 1 << 20) == 0);
}

// Random maps, unmaps and protections of a window, against a model of it.
void test_random() {
    constexpr unsigned kPages = 256;
    enum State : std::uint8_t { Unmapped, None, Read, Write };
    State model[kPages] = {};
    std::uint8_t content[kPages] = {};
    char* window = reserve(kPages * kPage);
    CHECK(munmap(window, kPages * kPage) == 0);
    std::uint64_t random = 88172645463325252ULL;
    const auto next = [&](std::uint64_t limit) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        return static_cast<unsigned>(random % limit);
    };
    constexpr int kProtection[] = {0, PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE};
    for (unsigned step = 0; step < 4000; ++step) {
        const unsigned first = next(kPages);
        const unsigned count = 1 + next(kPages - first);
        char* at = window + first * kPage;
        const auto state = static_cast<State>(1 + next(3));
        switch (next(4)) {
        case 0:
            CHECK(mmap(at, count * kPage, kProtection[state], MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == at);
            for (unsigned i = first; i < first + count; ++i) {
                model[i] = state;
                content[i] = 0;
            }
            break;
        case 1:
            CHECK(munmap(at, count * kPage) == 0);
            for (unsigned i = first; i < first + count; ++i) {
                model[i] = Unmapped;
            }
            break;
        case 2: {
            bool whole = true;
            for (unsigned i = first; i < first + count; ++i) {
                whole = whole && model[i] != Unmapped;
            }
            if (whole) {
                CHECK(mprotect(at, count * kPage, kProtection[state]) == 0);
                for (unsigned i = first; i < first + count; ++i) {
                    model[i] = state;
                }
            }
            break;
        }
        default:
            for (unsigned i = 0; i < kPages; ++i) {
                if (model[i] == Write) {
                    CHECK(static_cast<std::uint8_t>(window[i * kPage + 5]) == content[i]);
                    content[i] = static_cast<std::uint8_t>(next(256));
                    window[i * kPage + 5] = static_cast<char>(content[i]);
                } else if (model[i] == Read) {
                    CHECK(static_cast<std::uint8_t>(window[i * kPage + 5]) == content[i]);
                }
            }
        }
    }
    CHECK(munmap(window, kPages * kPage) == 0);
}

// A block may grow by mremap when only the growth is free, and keeps its contents and the books in order.
void test_growth() {
    const std::uint64_t before = tessera::platform::memory_use().free_bytes;
    std::size_t size = before / 2 / kPage * kPage;
    if (size > kGiB) {
        return;
    }
    void* block = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(block != MAP_FAILED);
    for (std::size_t at = 0; at < size; at += 64 * kPage) {
        *reinterpret_cast<std::size_t*>(static_cast<char*>(block) + at) = at;
    }
    for (unsigned i = 0; i < 3; ++i) {
        block = mremap(block, size, size + (1 << 20), MREMAP_MAYMOVE);
        CHECK(block != MAP_FAILED);
        size += 1 << 20;
    }
    for (std::size_t at = 0; at + (3 << 20) < size; at += 64 * kPage) {
        CHECK(*reinterpret_cast<std::size_t*>(static_cast<char*>(block) + at) == at);
    }
    CHECK(mremap(block, size, 2 * before, MREMAP_MAYMOVE) == MAP_FAILED && errno == ENOMEM);
    CHECK(munmap(block, size) == 0);
    CHECK(tessera::platform::memory_use().free_bytes + (1 << 20) > before);
    CHECK(tessera::platform::memory_use().free_bytes < before + (1 << 20));
}

}  // namespace

void test_memory() {
    test_arenas();
    test_growth();
    test_code();
    const std::uint64_t before = tessera::platform::memory_use().free_bytes;
    test_random();
    CHECK(tessera::platform::memory_use().free_bytes + 65536 > before);
}

void test_out_of_memory() {
    namespace platform = tessera::platform;
    // What is promised is refused when it can't be kept ...
    std::vector<void*> blocks;
    constexpr std::size_t kBlock = 8 << 20;
    const std::uint64_t before = platform::memory_use().free_bytes;
    for (;;) {
        void* block = std::malloc(kBlock);
        if (block == nullptr) {
            break;
        }
        blocks.push_back(block);
    }
    // A little is kept back for page tables.
    CHECK(blocks.size() * kBlock <= before && (blocks.size() + 3) * kBlock > before - before / 128);
    if (before > std::uint64_t{kGiB}) {
        // Using all of a big memory only takes time.
        for (void* block : blocks) {
            std::free(block);
        }
        return;
    }
    for (void* block : blocks) {
        std::memset(block, 1, kBlock);  // ... and what was given can be used.
    }
    // So are pages that become writable later. What can only be read is not promised, and traps.
    static std::uintptr_t failed;
    static platform::TrapCause cause;
    char* arena = reserve(64 * kGiB);
    CHECK(mprotect(arena, kBlock, PROT_READ | PROT_WRITE) == -1 && errno == ENOMEM);
    CHECK(mprotect(arena, 64 * kGiB, PROT_READ) == 0);
    platform::set_trap_handler([](platform::Trap& trap) noexcept {
        cause = trap.cause;
        failed = trap.address;
        trap.registers->rip = trap.registers->general[platform::kRdx];
        return platform::TrapAction::Resume;
    });
    std::size_t touched = 0;
    while (failed == 0) {
        asm volatile("leaq 1f(%%rip), %%rdx\n cmpb $1, (%0)\n 1:" ::"r"(arena + touched) : "rdx", "cc", "memory");
        touched += kPage;
        CHECK(touched < 8 * kBlock);
    }
    CHECK(cause == platform::TrapCause::OutOfMemory &&
          failed == reinterpret_cast<std::uintptr_t>(arena) + touched - kPage);
    platform::set_trap_handler(nullptr);
    CHECK(munmap(arena, 64 * kGiB) == 0);
    for (void* block : blocks) {
        std::free(block);
    }
    malloc_trim(0);
    CHECK(platform::memory_use().free_bytes + (1 << 20) > before);
    std::printf("%zu blocks of 8 MiB, then %zu pages without a promise\n", blocks.size(), touched / kPage);
}
