#include "caps/wasi/state.h"

#include "core/base/assert.h"

#include <chrono>

namespace tessera::caps::wasi {

State::State(Domain& domain) {
    auto descriptors = descriptors_.lock();
    descriptors->resize(kFirstPreopen);
    for (const auto& grant : domain.spec().grants) {
        auto* object = grant.object.get();
        if (as<Console>(object) != nullptr && (*descriptors)[0].object == nullptr) {
            for (std::uint32_t fd = 0; fd < kFirstPreopen; ++fd) {
                (*descriptors)[fd].object = grant.object;
            }
        } else if (as<Directory>(object) != nullptr) {
            descriptors->push_back({grant.object, 0, grant.name});
        } else if (auto* clock = as<Clock>(object)) {
            clock_ = clock;
        } else if (auto* random = as<Random>(object)) {
            random_ = random;
        }
    }
    ASSERT(descriptors->size() >= kFirstPreopen);
    if (clock_ != nullptr) {
        start_ns_ = clock_->monotonic_ns();
    }
}

std::optional<Descriptor> State::get(std::uint32_t fd) {
    auto descriptors = descriptors_.lock();
    if (fd >= descriptors->size() || (*descriptors)[fd].object == nullptr) {
        return std::nullopt;
    }
    return (*descriptors)[fd];
}

Errno State::set_position(std::uint32_t fd, std::uint64_t position) {
    auto descriptors = descriptors_.lock();
    if (fd >= descriptors->size() || (*descriptors)[fd].object == nullptr) {
        return kBadFile;
    }
    (*descriptors)[fd].position = position;
    return kSuccess;
}

std::optional<std::uint32_t> State::add(Descriptor descriptor) {
    REQUIRES(descriptor.object != nullptr);
    auto descriptors = descriptors_.lock();
    for (std::uint32_t fd = kFirstPreopen; fd < kDescriptorsMax; ++fd) {
        if (fd == descriptors->size()) {
            descriptors->emplace_back();
        }
        if ((*descriptors)[fd].object == nullptr) {
            (*descriptors)[fd] = std::move(descriptor);
            return fd;
        }
    }
    return std::nullopt;
}

Errno State::close(std::uint32_t fd) {
    auto descriptors = descriptors_.lock();
    if (fd >= descriptors->size() || (*descriptors)[fd].object == nullptr) {
        return kBadFile;
    }
    (*descriptors)[fd] = {};
    return kSuccess;
}

Errno State::renumber(std::uint32_t from, std::uint32_t to) {
    auto descriptors = descriptors_.lock();
    if (from >= descriptors->size() || to >= descriptors->size() || (*descriptors)[from].object == nullptr ||
        (*descriptors)[to].object == nullptr) {
        return kBadFile;
    }
    if (from != to) {
        (*descriptors)[to] = std::move((*descriptors)[from]);
        (*descriptors)[from] = {};
    }
    return kSuccess;
}

}  // namespace tessera::caps::wasi
