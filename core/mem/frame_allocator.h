// Physical frames. Memory starts out as a few ranges that are handed out from their start, so nothing is touched or
// counted before it is needed; frames that come back are kept on a list threaded through themselves.
#pragma once

#include "core/mem/address.h"

#include <cstdint>
#include <optional>
#include <span>

namespace tessera::mem {

inline constexpr unsigned kFrameRangeMax = 256;

// Takes the usable ranges minus the reserved ones; drops what lies below 1 MiB and what is no whole page.
void add_memory(std::span<const PhysRange> usable, std::span<const PhysRange> reserved);
[[nodiscard]] std::span<const PhysRange> memory_ranges();

// A frame with anything in it; nullopt when memory is used up.
[[nodiscard]] std::optional<PhysAddr> allocate_frame();
// `count` frames in a row, below `limit`; never freed (drivers' rings and buffers).
[[nodiscard]] std::optional<PhysAddr> allocate_contiguous(std::uint64_t count, PhysAddr limit);
void free_frame(PhysAddr frame);

[[nodiscard]] std::uint64_t free_frames();
[[nodiscard]] std::uint64_t total_frames();

// Where the nucleus sees a frame: the boot tables' identity map at first, then the direct map.
void use_direct_map();
[[nodiscard]] void* frame_pointer(PhysAddr frame);
void clear_frame(PhysAddr frame);

}  // namespace tessera::mem
