#include "caps/wasi/state.h"

#include <chrono>

namespace tessera::caps::wasi {

State::State(Domain& domain) {
    descriptors_.resize(kFirstPreopen);
    for (const auto& grant : domain.spec().grants) {
        auto* object = grant.object.get();
        if (as<Console>(object) != nullptr && descriptors_[0].object == nullptr) {
            for (std::uint32_t fd = 0; fd < kFirstPreopen; ++fd) {
                descriptors_[fd].object = grant.object;
            }
        } else if (as<Directory>(object) != nullptr) {
            descriptors_.push_back({grant.object, 0, grant.name});
        } else if (auto* clock = as<Clock>(object)) {
            clock_ = clock;
        } else if (auto* random = as<Random>(object)) {
            random_ = random;
        }
    }
    if (clock_ != nullptr) {
        start_ns_ = clock_->monotonic_ns();
    }
}

std::optional<Descriptor> State::get(std::uint32_t fd) {
    const std::scoped_lock lock(mutex_);
    if (fd >= descriptors_.size() || descriptors_[fd].object == nullptr) {
        return std::nullopt;
    }
    return descriptors_[fd];
}

Errno State::set_position(std::uint32_t fd, std::uint64_t position) {
    const std::scoped_lock lock(mutex_);
    if (fd >= descriptors_.size() || descriptors_[fd].object == nullptr) {
        return kBadFile;
    }
    descriptors_[fd].position = position;
    return kSuccess;
}

std::optional<std::uint32_t> State::add(Descriptor descriptor) {
    const std::scoped_lock lock(mutex_);
    for (std::uint32_t fd = kFirstPreopen; fd < kDescriptorsMax; ++fd) {
        if (fd == descriptors_.size()) {
            descriptors_.emplace_back();
        }
        if (descriptors_[fd].object == nullptr) {
            descriptors_[fd] = std::move(descriptor);
            return fd;
        }
    }
    return std::nullopt;
}

Errno State::close(std::uint32_t fd) {
    const std::scoped_lock lock(mutex_);
    if (fd >= descriptors_.size() || descriptors_[fd].object == nullptr) {
        return kBadFile;
    }
    descriptors_[fd] = {};
    return kSuccess;
}

Errno State::renumber(std::uint32_t from, std::uint32_t to) {
    const std::scoped_lock lock(mutex_);
    if (from >= descriptors_.size() || to >= descriptors_.size() || descriptors_[from].object == nullptr ||
        descriptors_[to].object == nullptr) {
        return kBadFile;
    }
    if (from != to) {
        descriptors_[to] = std::move(descriptors_[from]);
        descriptors_[from] = {};
    }
    return kSuccess;
}

}  // namespace tessera::caps::wasi
