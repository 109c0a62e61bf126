#include "boot/tool/base/text.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace tessera::tool {
namespace {

std::string_view trim(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) {
        text.remove_prefix(1);
    }
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) {
        text.remove_suffix(1);
    }
    return text;
}

// A leading number and the unit behind it.
std::optional<std::pair<double, std::string_view>> number_and_unit(std::string_view text) {
    text = trim(text);
    double number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc{} || !(number >= 0) || !std::isfinite(number)) {
        return std::nullopt;
    }
    return std::pair{number, trim(text.substr(static_cast<std::size_t>(end - text.data())))};
}

// Letters put in, left out, changed, or swapped with the next one.
std::size_t edit_distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> before(right.size() + 1);
    std::vector<std::size_t> row(right.size() + 1);
    for (std::size_t j = 0; j <= right.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= left.size(); ++i) {
        std::vector<std::size_t> next(right.size() + 1);
        next[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t change = row[j - 1] + (left[i - 1] == right[j - 1] ? 0U : 1U);
            next[j] = std::min({row[j] + 1, next[j - 1] + 1, change});
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
                next[j] = std::min(next[j], before[j - 2] + 1);
            }
        }
        before = std::exchange(row, std::move(next));
    }
    return row[right.size()];
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
    const auto parts = number_and_unit(text);
    if (!parts) {
        return std::nullopt;
    }
    constexpr std::pair<std::string_view, double> kUnits[] = {
        {"", 1.0}, {"B", 1.0}, {"KiB", 0x1p10}, {"MiB", 0x1p20}, {"GiB", 0x1p30}};
    for (const auto& [unit, factor] : kUnits) {
        if (parts->second == unit) {
            const double bytes = parts->first * factor;
            return bytes < 0x1p62 ? std::optional(static_cast<std::uint64_t>(bytes)) : std::nullopt;
        }
    }
    return std::nullopt;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    const auto parts = number_and_unit(text);
    if (!parts) {
        return std::nullopt;
    }
    constexpr std::pair<std::string_view, double> kUnits[] = {{"ms", 1.0}, {"s", 1e3}, {"min", 6e4}};
    for (const auto& [unit, factor] : kUnits) {
        if (parts->second == unit) {
            const double milliseconds = parts->first * factor;
            if (milliseconds < 1 || milliseconds > 1e12) {
                return std::nullopt;
            }
            return std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds));
        }
    }
    return std::nullopt;
}

std::string format_size(std::uint64_t bytes) {
    if (bytes < 1024) {
        return fmt::format("{} B", bytes);
    }
    constexpr std::string_view kUnits[] = {"KiB", "MiB", "GiB"};
    double value = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < std::size(kUnits)) {
        value /= 1024;
        ++unit;
    }
    return fmt::format("{:.{}f} {}", value, value < 10 ? 1 : 0, kUnits[unit]);
}

std::optional<std::string_view> closest(std::string_view word, std::span<const std::string_view> candidates) {
    std::optional<std::string_view> best;
    std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const std::string_view candidate : candidates) {
        if (const std::size_t distance = edit_distance(word, candidate); distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

bool matches_pattern(std::string_view pattern, std::string_view text) {
    // Greedy with one remembered star: linear in practice, quadratic at worst, never exponential.
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t star_text = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            star_text = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++star_text;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') {
        ++p;
    }
    return p == pattern.size();
}

std::string shell_quote(std::string_view word) {
    constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%^";
    if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) {
        return std::string(word);
    }
    std::string quoted = "'";
    for (const char letter : word) {
        if (letter == '\'') {
            quoted += "'\\''";
        } else {
            quoted += letter;
        }
    }
    return quoted + "'";
}

std::string shell_join(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) {
        line += (line.empty() ? "" : " ") + shell_quote(word);
    }
    return line;
}

}  // namespace tessera::tool
