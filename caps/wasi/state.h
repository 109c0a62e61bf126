// A domain's view of WASI: descriptors made from its grants.
#pragma once

#include "caps/domain.h"
#include "caps/object.h"
#include "caps/wasi/errno.h"
#include "core/base/guarded.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tessera::caps::wasi {

inline constexpr std::uint32_t kDescriptorsMax = 1024;
inline constexpr std::uint32_t kFirstPreopen = 3;  // where the C library looks for pre-opened directories

struct Descriptor {
    ObjectRef object;  // null: not open
    std::uint64_t position = 0;
    std::string preopen_name;  // empty: not a pre-opened directory
};

class State {
  public:
    explicit State(Domain& domain);

    // A copy, so that no lock is held while memory is touched or a fiber sleeps.
    [[nodiscard]] std::optional<Descriptor> get(std::uint32_t fd);
    [[nodiscard]] Errno set_position(std::uint32_t fd, std::uint64_t position);
    [[nodiscard]] std::optional<std::uint32_t> add(Descriptor descriptor);
    [[nodiscard]] Errno close(std::uint32_t fd);
    [[nodiscard]] Errno renumber(std::uint32_t from, std::uint32_t to);

    // What has no descriptor in WASI is looked up among the grants.
    [[nodiscard]] Clock* clock() const { return clock_; }
    [[nodiscard]] Random* random() const { return random_; }
    [[nodiscard]] std::int64_t start_ns() const { return start_ns_; }

  private:
    Guarded<std::vector<Descriptor>, LockRank::Descriptors> descriptors_;
    Clock* clock_ = nullptr;
    Random* random_ = nullptr;
    std::int64_t start_ns_ = 0;
};

}  // namespace tessera::caps::wasi
