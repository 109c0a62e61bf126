// What fibers of one program wait for each other by: a word of its memory, as with WebAssembly's threads.
#include "caps/gate.h"
#include "caps/imports.h"
#include "runtime/wait.h"

#include <algorithm>
#include <chrono>

namespace tessera::caps {
namespace {

enum class WordWait : std::uint32_t { Woken, Changed, Late };

struct Word {
    runtime::Arena& arena;
    std::uint32_t offset;
    std::uint32_t expected;
    bool is_there = true;
};

// SAFETY: an address as a key; the word itself is read as the program's memory always is.
const void* key_of(Domain& domain, std::uint32_t offset) { return domain.arena().base() + offset; }

bool is_still(void* pointer) {
    auto& word = *static_cast<Word*>(pointer);
    std::uint32_t value = 0;
    word.is_there = word.arena.read(word.offset, &value, sizeof value);
    return word.is_there && value == word.expected;
}

std::uint32_t domain_wait(Domain& domain, std::uint32_t offset, std::uint32_t expected, std::uint64_t nanoseconds) {
    using Clock = std::chrono::steady_clock;
    Word word{domain.arena(), offset, expected};
    const auto now = Clock::now();
    const auto left = static_cast<std::uint64_t>((Clock::time_point::max() - now).count());
    const auto until = now + std::chrono::nanoseconds(std::min(nanoseconds, left));
    const auto end = domain.arena().contains(offset, sizeof(std::uint32_t))
                         ? runtime::wait_for(key_of(domain, offset), is_still, &word, until)
                         : runtime::WaitEnd::Changed;
    if (!word.is_there || !domain.arena().contains(offset, sizeof(std::uint32_t))) {
        memory_fault(offset, false);
    }
    switch (end) {
    case runtime::WaitEnd::Changed:
        return static_cast<std::uint32_t>(WordWait::Changed);
    case runtime::WaitEnd::Late:
        return static_cast<std::uint32_t>(WordWait::Late);
    case runtime::WaitEnd::Woken:
    case runtime::WaitEnd::Stopped:
        break;  // the way back to the program ends it
    }
    return static_cast<std::uint32_t>(WordWait::Woken);
}

std::uint32_t domain_wake(Domain& domain, std::uint32_t offset, std::uint32_t count) {
    return runtime::wake(key_of(domain, offset), count);
}

}  // namespace

std::vector<safeir::KernelFunction> wait_functions() {
    return {kernel_function<domain_wait>("tessera_domain/wait"), kernel_function<domain_wake>("tessera_domain/wake")};
}

}  // namespace tessera::caps
