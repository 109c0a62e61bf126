// Who says what a method takes and gives: its program's description, or the kernel's of the interfaces of its own
// objects.
#pragma once

#include "caps/message/plan.h"

#include <cstdint>

namespace tessera::caps {

// What `plan` of imports and of programs' methods points to.
class CallPlan : public MethodPlan {
  public:
    CallPlan(std::uint64_t interface, const MethodDescription& method);
    // For calls that the kernel makes (call_words.h), if there is a signature.
    [[nodiscard]] const safeir::MethodImport& import() const { return import_; }

  private:
    safeir::MethodImport import_;
};

// Null: nobody does.
[[nodiscard]] inline const CallPlan* described_by(const safeir::MethodTable& methods, std::uint32_t ordinal) {
    const bool has_it = ordinal < methods.bytes / sizeof(safeir::Method);
    return has_it ? static_cast<const CallPlan*>(methods.methods[ordinal].plan) : nullptr;
}
[[nodiscard]] const CallPlan* described_by_kernel(std::uint64_t interface, std::uint32_t ordinal);

}  // namespace tessera::caps
