// Text helpers of the tool: sizes, times, spelling suggestions, file patterns.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::tool {

// "64 MiB", "512KiB", "1.5 GiB", "4096": bytes; nothing if it is no size.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);

// "5 s", "250ms", "2 min"; nothing if it is no time or not above zero.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

[[nodiscard]] std::string format_size(std::uint64_t bytes);

// The candidate that was most likely meant, or nothing if none is near.
[[nodiscard]] std::optional<std::string_view> closest(std::string_view word,
                                                      std::span<const std::string_view> candidates);

// Shell-like match of one path component or path: `*` and `?`.
[[nodiscard]] bool matches_pattern(std::string_view pattern, std::string_view text);

// One word for /bin/sh, quoted where it has to be.
[[nodiscard]] std::string shell_quote(std::string_view word);
[[nodiscard]] std::string shell_join(const std::vector<std::string>& words);

}  // namespace tessera::tool
