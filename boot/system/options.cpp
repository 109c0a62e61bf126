#include "boot/system/options.h"

#include "boot/bundle/command_line.h"

#include <charconv>

namespace tessera::system {
namespace {

std::optional<std::chrono::nanoseconds> parse_time(std::string_view text) {
    std::uint64_t number = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit(result.ptr, static_cast<std::size_t>(text.data() + text.size() - result.ptr));
    if (result.ec != std::errc{} || number > 1'000'000'000) {
        return std::nullopt;
    }
    const auto count = static_cast<std::int64_t>(number);
    if (unit == "ms") {
        return std::chrono::milliseconds(count);
    }
    if (unit == "s" || unit.empty()) {
        return std::chrono::seconds(count);
    }
    if (unit == "min") {
        return std::chrono::minutes(count);
    }
    return std::nullopt;
}

Result<void> take_word(Options& options, std::string_view word) {
    while (word.starts_with('-')) {
        word.remove_prefix(1);
    }
    const auto equals = word.find('=');
    const auto key = word.substr(0, equals);
    const auto value = equals == std::string_view::npos ? std::string_view{} : word.substr(equals + 1);
    if (key == "timeout") {
        const auto time = parse_time(value);
        if (!time) {
            return fail(Blame::Caller, "timeout=" + std::string(value) + ": expected a time such as 5s or 200ms");
        }
        options.timeout = *time;
    } else if (key == "no-cache") {
        options.no_cache = true;
    } else if (key == "accounts") {
        options.accounts = true;
    } else if (key == "fail-takes") {
        const auto result = std::from_chars(value.data(), value.data() + value.size(), options.fail_takes_step);
        if (result.ec != std::errc{} || result.ptr != value.data() + value.size()) {
            return fail(Blame::Caller, "fail-takes=" + std::string(value) + ": expected a number");
        }
    } else if (key == "log") {
        options.verbose = value == "verbose";
        options.trace_boot = options.trace_boot || options.verbose;
    } else if (key == "trace") {
        options.trace_boot = options.trace_boot || value == "boot";
    } else if (key == "cpus") {
        const auto result = std::from_chars(value.data(), value.data() + value.size(), options.cpus_max);
        if (result.ec != std::errc{} || result.ptr != value.data() + value.size()) {
            return fail(Blame::Caller, "cpus=" + std::string(value) + ": expected a number");
        }
    } else if (key.starts_with("env:") && key.size() > 4) {
        options.env.emplace_back(key.substr(4), value);
    }
    return {};
}

}  // namespace

Result<Options> parse_options(std::string_view command_line) {
    Options options;
    const auto words = bundle::split_words(command_line);
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "--") {
            options.args.emplace(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
            break;
        }
        TRY_VOID(take_word(options, words[i]));
    }
    return options;
}

}  // namespace tessera::system
