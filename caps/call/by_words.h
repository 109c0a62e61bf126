// Calls of objects whose implementer is no program's code, or takes every method there is: parameters and results as
// words. An object's table of methods names such a handler (safeir/load/method_import.h), to which cross.S comes by
// tessera_call_by_words.
#pragma once

#include "caps/call/crossing.h"
#include "caps/domain.h"

#include <array>
#include <cstdint>

namespace tessera::caps {

struct WordCall {
    WordCall(Domain& calling, const safeir::MethodImport& called_as, const ObjectView& called)
        : caller(calling), import(called_as), object(called) {}

    Domain& caller;
    const safeir::MethodImport& import;
    ObjectView object;  // the kernel's own stays while the call lasts; one of a program may go at any time
    // A word for each parameter, two for a slice (address, length). Of 32-bit ones the upper half is anything. Floats
    // are their bits, capabilities slots of the caller's. Slices may lie in any domain's memory, which may go: to be
    // copied by tessera_copy alone.
    std::array<std::uint64_t, 32> in;  // so many as the signature says
    // A word for each result behind the status; capabilities are slots of the caller's, or null.
    std::array<std::uint64_t, 16> out{};

    [[nodiscard]] std::uint32_t ordinal() const {
        return import.place / static_cast<std::uint32_t>(sizeof(safeir::Method));
    }
};

// Runs as kernel code that the caller has called (KernelCall): it may end the caller's program where it owns nothing.
using WordHandler = Status (*)(WordCall& call);

}  // namespace tessera::caps
