#include "caps/message/interpose.h"

#include "caps/call/call_words.h"
#include "caps/schema/message.kernel.h"

#include <array>
#include <string>

namespace tessera::caps {
namespace {

using schema::Interposer;

struct Wrapping {
    Domain& by;
    ObjectHeader& interposer;
    ObjectHeader& object;
    Status status = Status::Failed;
    ObjectHeader* wrapped = nullptr;
};

// As if the program called itself: what is made for the call is its own.
std::uint64_t wrap(void* pointer) {
    const runtime::KernelCall call;
    auto& wrapping = *static_cast<Wrapping*>(pointer);
    auto& slots = wrapping.by.slots();
    auto& list = runtime::current_fiber()->entry->first_temporary;
    constexpr auto kSignature = safeir::method_signature(Interposer::kSignatures[Interposer::kWrap]);
    const auto import = import_of(Interposer::kId, Interposer::kWrap, kSignature);
    // SAFETY: capabilities are addresses of slots.
    const std::array<std::uint64_t, 1> in = {
        reinterpret_cast<std::uint64_t>(slots.add(wrapping.object, Slot::Kind::Temporary, list))};
    std::array<std::uint64_t, 1> out{};
    const auto interposer = view_of(wrapping.interposer, wrapping.interposer.identity.load());
    wrapping.status = call_with_words(wrapping.by, interposer, nullptr, import, in, out);
    const auto* made = reinterpret_cast<const Slot*>(out[0]);
    if (wrapping.status == Status::Ok && made != nullptr) {
        wrapping.wrapped = slots.take(*made);
    }
    slots.release_all(list);
    return 0;
}

void drop(ObjectHeader& object) {
    if (drop_reference(object)) {
        end_object(object);
    }
}

}  // namespace

Result<ObjectHeader*> interpose(Domain& by, ObjectHeader& object) {
    const auto name = "'" + by.spec().name + "'";
    const auto* methods = by.program().methods(Interposer::kId);
    if (methods == nullptr) {
        return fail(Blame::Program, name + " is to stand before what it is granted, but has no Interposer");
    }
    auto* interposer = by.mint(*methods, 0);
    if (interposer == nullptr) {
        return fail(Blame::Machine, "no memory is left for an object of " + name);
    }
    add_reference(*interposer);
    Wrapping wrapping{by, *interposer, object};
    std::uint64_t result = 0;
    runtime::Fault fault;
    const bool returned = runtime::call_program(wrap, &wrapping, result, fault, &by.call_target());
    drop(*interposer);
    if (!returned || wrapping.wrapped == nullptr) {
        return fail(Blame::Program,
                    name + " gives no object to stand before what it is granted: " +
                        std::string(schema::text_of(returned ? wrapping.status : Status::Failed)));
    }
    return wrapping.wrapped;
}

}  // namespace tessera::caps
