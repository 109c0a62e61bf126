// Walks the page table itself: no page anywhere may be writable and executable, not even by two addresses.
#include "core/mem/layout.h"
#include "core/mem/page_table.h"
#include "test/nucleus/check.h"

#include <cstdint>
#include <cstring>
#include <set>
#include <sys/mman.h>

namespace {

using namespace tessera;

constexpr std::uint64_t kPresent = 1;
constexpr std::uint64_t kWritable = 2;
constexpr std::uint64_t kLarge = 128;
constexpr std::uint64_t kNoExecute = std::uint64_t{1} << 63;
constexpr std::uint64_t kAddress = 0x000f'ffff'ffff'f000;
constexpr std::uint64_t kPage = 4096;

struct Walk {
    std::set<std::uint64_t> executable;  // frames
    std::uint64_t leaves = 0;
    std::uint64_t both = 0;
    std::uint64_t aliases = 0;
    bool collect = true;

    void table(std::uint64_t physical, unsigned level, std::uint64_t base) {
        // The root is in the image, at its physical address; the tables below are frames.
        const auto* entries =
            reinterpret_cast<const volatile std::uint64_t*>(level == 3 ? physical : mem::kDirectBase + physical);
        for (std::uint64_t i = 0; i < 512; ++i) {
            const std::uint64_t entry = entries[i];
            if ((entry & kPresent) == 0) {
                continue;
            }
            const std::uint64_t address = base + (i << (12 + 9 * level));
            if (level > 0 && (entry & kLarge) == 0) {
                table(entry & kAddress, level - 1, address);
            } else {
                leaf(entry, address, level);
            }
        }
    }

    void leaf(std::uint64_t entry, std::uint64_t address, unsigned level) {
        leaves += 1;
        const bool executable_page = (entry & kNoExecute) == 0;
        const bool writable = (entry & kWritable) != 0;
        both += executable_page && writable ? 1 : 0;
        CHECK(address != 0);
        const std::uint64_t first = entry & kAddress & ~((kPage << (9 * level)) - 1);
        for (std::uint64_t at = first; at < first + (kPage << (9 * level)); at += kPage) {
            if (collect && executable_page) {
                executable.insert(at);
            } else if (!collect && writable) {
                if (executable.contains(at)) {
                    aliases += 1;
                    std::printf("executable frame %#llx is writable at %#llx\n",
                                static_cast<unsigned long long>(at),
                                static_cast<unsigned long long>(address + (at - first)));
                }
            }
        }
    }
};

}  // namespace

void test_rights() {
    auto* code = static_cast<unsigned char*>(
        mmap(nullptr, 64 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    std::memset(code, 0xc3, 64 * kPage);
    CHECK(mprotect(code, 64 * kPage, PROT_READ | PROT_EXEC) == 0);
    Walk walk;
    walk.table(mem::page_table_root().value, 3, 0);
    walk.collect = false;
    walk.table(mem::page_table_root().value, 3, 0);
    std::printf("%llu mappings, %zu executable pages\n",
                static_cast<unsigned long long>(walk.leaves / 2),
                walk.executable.size());
    CHECK(walk.both == 0);
    CHECK(walk.aliases == 0);
    CHECK(walk.executable.size() > 64);
    CHECK(munmap(code, 64 * kPage) == 0);
}
