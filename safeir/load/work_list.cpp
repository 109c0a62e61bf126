#include "safeir/load/work_list.h"

#include <algorithm>

namespace tessera::safeir {

bool WorkList::claim(std::uint32_t function, Claimant claimant) {
    auto& one = functions_[function];
    if (one.address != 0 || one.claimant != 0) {
        return false;
    }
    one.claimant = claimant;
    return true;
}

void WorkList::release(Claimant claimant) {
    for (auto& one : functions_) {
        if (one.claimant == claimant) {
            one.claimant = 0;
        }
    }
}

void WorkList::has_code(std::uint32_t function, std::uintptr_t address) {
    auto& one = functions_[function];
    one.claimant = 0;
    if (!one.full) {
        one.address = address;
    }
}

bool WorkList::was_called(std::uint32_t function) {
    auto& one = functions_[function];
    if (one.called) {
        return false;
    }
    one.called = true;
    called_.push_back(function);
    if (!one.given_out) {
        slow_.push_back(function);
    }
    full_called_ += one.full ? 1 : 0;
    return true;
}

std::optional<std::uint32_t> WorkList::next_called() {
    return called_seen_ < called_.size() ? std::optional(called_[called_seen_++]) : std::nullopt;
}

std::optional<std::uint32_t> WorkList::next_without_full_code(llvm::function_ref<std::uint32_t(std::uint32_t)> size) {
    for (const auto function : slow_) {
        largest_.emplace_back(size(function), function);
        std::ranges::push_heap(largest_);
    }
    slow_.clear();
    if (!largest_.empty()) {
        std::ranges::pop_heap(largest_);
        const auto function = largest_.back().second;
        largest_.pop_back();
        functions_[function].given_out = true;
        return function;
    }
    while (all_done_ < functions_.size()) {
        const auto function = all_done_++;
        if (auto& one = functions_[function]; !one.given_out) {
            one.given_out = true;
            return function;
        }
    }
    return std::nullopt;
}

void WorkList::has_full_code(std::uint32_t function, std::uintptr_t address) {
    auto& one = functions_[function];
    one.address = address;
    if (!one.full) {
        one.full = true;
        ++full_count_;
        full_called_ += one.called ? 1 : 0;
    }
}

}  // namespace tessera::safeir
