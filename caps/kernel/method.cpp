#include "caps/kernel/method.h"

#include <algorithm>

namespace tessera::caps {

Status call_kernel_object(WordCall& call) {
    // SAFETY: the table has this handler.
    const auto& table = *reinterpret_cast<const KernelTable*>(call.object.methods);
    const auto interface = std::ranges::find(table.interfaces, call.import.interface, &KernelInterface::id);
    if (interface == table.interfaces.end()) {
        return Status::WrongInterface;
    }
    const auto ordinal = call.ordinal();
    if (ordinal >= interface->methods.size() || interface->methods[ordinal].call == nullptr) {
        return Status::Unsupported;
    }
    const auto& method = interface->methods[ordinal];
    return method.signature == call.import.signature ? method.call(call) : Status::WrongSignature;
}

}  // namespace tessera::caps
