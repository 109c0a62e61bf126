// Objects, as references to them see them: an interface, who implements it, and a word that only the implementer
// understands.
//
// Headers are never anything else (type-stable: their memory is used again for headers alone), and each life of one has
// an identity that no other ever has. So whoever reads the fields first and the identity last, and finds the one that
// he holds, has read the fields of that life: fields change only while the identity is 0. Letting go of an object,
// revoking it and the end of its domain are all the same: the identity becomes 0.
#pragma once

#include "runtime/call_target.h"
#include "safeir/load/method_import.h"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace tessera::caps {

// The fields up to `state` are read by cross.S.
struct alignas(64) ObjectHeader {
    std::atomic<std::uint64_t> identity = 0;       // 0: gone
    const safeir::MethodTable* methods = nullptr;  // never null while it is alive
    runtime::CallTarget* target = nullptr;         // null: the kernel's, or its domain has ended
    std::uint64_t state = 0;  // implemented by the kernel: the Object, which lives as long as the image
    std::atomic<std::uint32_t> references = 0;
    ObjectHeader* next = nullptr;  // in its domain's list
    ObjectHeader* previous = nullptr;
};
static_assert(sizeof(ObjectHeader) == 64 && offsetof(ObjectHeader, methods) == 8 &&
              offsetof(ObjectHeader, target) == 16 && offsetof(ObjectHeader, state) == 24);

// An object's fields as they are in the life of that identity, for whoever holds no reference: he has found the
// identity when he had read them, and looks again before he goes by them once others may have run.
struct ObjectView {
    ObjectHeader* header;
    std::uint64_t identity;
    const safeir::MethodTable* methods;
    runtime::CallTarget* target;
    std::uint64_t state;

    [[nodiscard]] bool is_alive() const { return header->identity.load() == identity; }
};
[[nodiscard]] inline ObjectView view_of(ObjectHeader& header, std::uint64_t identity) {
    return {&header, identity, header.methods, header.target, header.state};
}

// Whoever holds a reference counts in `references`, whether the object is alive or gone; a header is used again when
// nobody does. Only cross.S reads headers that it holds no reference to.
inline void add_reference(ObjectHeader& header) { header.references.fetch_add(1); }
// True: it was the last one, and the object is the caller's to end.
[[nodiscard]] inline bool drop_reference(ObjectHeader& header) { return header.references.fetch_sub(1) == 1; }

[[nodiscard]] std::uint64_t new_identity();  // never 0 or kNobody

// What refers to nothing refers to this one, which is never the one meant.
inline constexpr std::uint64_t kNobody = 1;
[[nodiscard]] ObjectHeader& nobody();

// A fresh header, of identity 0 and without references; null if there is no memory. Charged to nobody: those who make
// objects are.
[[nodiscard]] ObjectHeader* take_header();
void give_header(ObjectHeader& header);

}  // namespace tessera::caps
