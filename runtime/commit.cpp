#include "runtime/commit.h"

#include "core/platform/platform.h"

namespace tessera::runtime {

bool commit(Account* account, std::uintptr_t from, std::size_t bytes) {
    if (account != nullptr && !account->charge(bytes)) {
        return false;
    }
    if (platform::commit_pages(from, bytes)) {
        return true;
    }
    if (account != nullptr) {
        account->credit(bytes);
        account->note_shortage(Shortage::Machine);
    }
    return false;
}

void decommit(Account* account, std::uintptr_t from, std::size_t bytes) {
    platform::release_pages(from, bytes);
    if (account != nullptr) {
        account->credit(bytes);
    }
}

}  // namespace tessera::runtime
