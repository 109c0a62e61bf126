#include "boot/tool/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace tessera::tool {

Result<void> in_parallel(std::size_t count, const std::function<Result<void>(std::size_t)>& work) {
    std::atomic<std::size_t> next = 0;
    std::mutex lock;
    std::optional<Error> failure;
    const auto work_on = [&] {
        for (std::size_t i = next++; i < count; i = next++) {
            Result<void> done = work(i);
            const std::lock_guard held(lock);
            if (!done && !failure) {
                failure = done.error();
                next = count;
            }
        }
    };
    {
        std::vector<std::jthread> workers;
        const std::size_t most = std::min<std::size_t>(count, std::max(1U, std::thread::hardware_concurrency()));
        for (std::size_t i = 1; i < most; ++i) {
            workers.emplace_back(work_on);
        }
        work_on();
    }
    return failure ? Result<void>(std::unexpected(*failure)) : Result<void>();
}

}  // namespace tessera::tool
