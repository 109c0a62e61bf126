// Which of a call's words are capabilities.
#pragma once

#include "safeir/load/method_import.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace tessera::caps {

enum class Side : std::uint8_t { Parameters, Results };

// Calls use(word, place) for the first word of each parameter, or for each result behind the status, in order.
template <typename Use>
void each_word(safeir::MethodSignature signature, Side side, std::span<std::uint64_t> words, Use use) {
    constexpr unsigned kPlaceBits = 4;
    constexpr std::uint64_t kPlaceMask = 0xF;
    using safeir::Place;
    bool is_there = side == Side::Parameters;
    std::size_t index = 0;
    for (auto rest = signature; rest != 0; rest >>= kPlaceBits) {
        const auto place = static_cast<Place>(rest & kPlaceMask);
        if (place == Place::Results) {
            if (side == Side::Parameters) {
                return;
            }
            is_there = true;
        } else if (is_there) {
            use(words[index], place);
            index += place == Place::ReadSlice || place == Place::WriteSlice ? 2 : 1;
        }
    }
}

template <typename Use>
void each_capability(safeir::MethodSignature signature, Side side, std::span<std::uint64_t> words, Use use) {
    each_word(signature, side, words, [&](std::uint64_t& word, safeir::Place place) {
        if (place == safeir::Place::Capability) {
            use(word);
        }
    });
}

[[nodiscard]] inline bool has_capabilities(safeir::MethodSignature signature) {
    for (auto rest = signature; rest != 0; rest >>= 4U) {
        if ((rest & 0xFU) == static_cast<std::uint64_t>(safeir::Place::Capability)) {
            return true;
        }
    }
    return false;
}

}  // namespace tessera::caps
