// Independent work on as many processors as there are.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <functional>

namespace tessera::tool {

// Calls `work` once for each number below `count`, from several threads. After a failure nothing more is begun; the
// first one is the result.
[[nodiscard]] Result<void> in_parallel(std::size_t count, const std::function<Result<void>(std::size_t)>& work);

}  // namespace tessera::tool
