#include "caps/kernel/tables.h"
#include "caps/schema/cores.kernel.h"
#include "runtime/worker.h"

namespace tessera::caps {
namespace {

Status count(WordCall& /*call*/, Cores& /*cores*/, std::uint32_t& result) {
    result = runtime::core_count();
    return Status::Ok;
}

// The table and the state of the caller's own object stay for as long as the caller is inside.
Status start(WordCall& call, Cores& /*cores*/, Capability task, std::uint64_t argument, std::uint32_t stack_bytes) {
    auto* object = task == nullptr ? nullptr : call.caller.slots().take(*task);
    if (object == nullptr) {
        return Status::Stale;
    }
    const auto* methods =
        object->target == &call.caller.target() ? safeir::table_for(*object->methods, schema::Task::kId) : nullptr;
    const auto state = object->state;
    if (drop_reference(*object)) {
        end_object(*object);
    }
    if (methods == nullptr || methods->bytes < sizeof(safeir::Method)) {
        return Status::Invalid;
    }
    const auto& run = methods->methods[0];
    if (run.signature != safeir::method_signature(schema::Task::kSignatures[0])) {
        return Status::WrongSignature;
    }
    return call.caller.tasks().start({run.address, state, argument, stack_bytes});
}

}  // namespace

const KernelTable& cores_table() {
    static constexpr auto kMethods = kernel_methods<schema::Cores, count, start>();
    static constexpr std::array kInterfaces = {KernelInterface{schema::Cores::kId, kMethods}};
    static const auto table = kernel_table(kInterfaces);
    return table;
}

}  // namespace tessera::caps
