// Account: what may be taken, and what was.
#include "caps/kernel/loading.h"
#include "caps/schema/domain.kernel.h"
#include "runtime/wait.h"

namespace tessera::caps {
namespace {

using runtime::Resource;

bool is_counted(schema::Resource resource) { return static_cast<std::size_t>(resource) < runtime::kResources; }

// The two have the same numbers.
Resource counted(schema::Resource resource) { return static_cast<Resource>(resource); }
static_assert(static_cast<int>(Resource::MemoryBytes) == static_cast<int>(schema::Resource::MemoryBytes) &&
              static_cast<int>(Resource::Microseconds) == static_cast<int>(schema::Resource::Microseconds));

Status limit(WordCall& /*call*/, Estate& estate, schema::Resource resource, std::uint64_t& most, std::uint64_t& used) {
    if (!is_counted(resource)) {
        return Status::Unsupported;
    }
    most = estate.account().limit(counted(resource));
    used = estate.account().used(counted(resource));
    return Status::Ok;
}

Status set_limit(WordCall& /*call*/, Estate& estate, schema::Resource resource, std::uint64_t most) {
    if (!is_counted(resource)) {
        return Status::Unsupported;
    }
    estate.account().set_limit(counted(resource), most);
    if (resource == schema::Resource::Microseconds) {
        runtime::look_at_waits();
    }
    return Status::Ok;
}

Status child(WordCall& call, Estate& estate, ReadSlice /*name*/, Capability& result) {
    auto* made = Estate::create_within(estate);
    if (made == nullptr) {
        return estate.is_closed() ? Status::Ended : Status::Exhausted;
    }
    result = give_new(call, owned_account_table(), made);
    return result == nullptr ? Status::Exhausted : Status::Ok;
}

Status close(WordCall& /*call*/, Estate& estate) {
    (void)estate.end();
    return Status::Ok;
}

Status peak(WordCall& /*call*/, Estate& estate, schema::Resource resource, std::uint64_t& most) {
    if (!is_counted(resource)) {
        return Status::Unsupported;
    }
    most = estate.account().peak(counted(resource));
    return Status::Ok;
}

// SAFETY (both): what give_new was given.
void released(std::uint64_t state) { reinterpret_cast<Estate*>(state)->drop_user(); }
void owned_released(std::uint64_t state) {
    const Use<Estate> estate(reinterpret_cast<Estate*>(state));
    estate->close();
}

constexpr auto kMethods = kernel_methods<schema::Account, limit, set_limit, child, close, peak>();
constexpr std::array kInterfaces = {KernelInterface{schema::Account::kId, kMethods}};

}  // namespace

const KernelTable& account_table() {
    static const auto table = kernel_table(kInterfaces, released);
    return table;
}

const KernelTable& owned_account_table() {
    static const auto table = kernel_table(kInterfaces, owned_released);
    return table;
}

Capability give_account(WordCall& call, Estate& estate) {
    estate.add_user();
    return give_new(call, account_table(), &estate);
}

AccountArgument::AccountArgument(WordCall& call, Capability capability) {
    if (capability == nullptr) {
        estate_ = call.caller.estate();
        return;
    }
    void* state = nullptr;
    for (const auto* table : {&account_table(), &owned_account_table()}) {
        if (state == nullptr) {
            drop_held(std::exchange(held_, nullptr));
            state = state_of(call, capability, *table, held_);
        }
    }
    estate_ = static_cast<Estate*>(state);
}

}  // namespace tessera::caps
