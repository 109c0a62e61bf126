#include "boot/bundle/manifest.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>

namespace tessera::bundle {
namespace {

constexpr std::string_view kFirstLine = "tessera-bundle 1";
constexpr std::string_view kHex = "0123456789ABCDEF";

// Everything but plain printable characters is written %XX, so that a value can hold anything and stays on its line.
std::string escape(std::string_view value) {
    std::string text;
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= ' ' || byte >= 0x7F || c == '%' || c == '=') {
            text += '%';
            text += kHex[byte >> 4U];
            text += kHex[byte & 15U];
        } else {
            text += c;
        }
    }
    return text;
}

std::optional<std::string> unescape(std::string_view text) {
    std::string value;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            value += text[i];
            continue;
        }
        if (i + 2 >= text.size()) {
            return std::nullopt;
        }
        const auto high = kHex.find(text[i + 1]);
        const auto low = kHex.find(text[i + 2]);
        if (high == std::string_view::npos || low == std::string_view::npos) {
            return std::nullopt;
        }
        value += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return value;
}

std::string grant_text(const Grant& grant) {
    switch (grant.kind) {
    case GrantKind::Console:
        return "console";
    case GrantKind::Clock:
        return "clock";
    case GrantKind::Random:
        return "random";
    case GrantKind::Loader:
        return "loader";
    case GrantKind::Cores:
        return "cores";
    case GrantKind::Directory:
        return "dir " + escape(grant.guest_path) + " " + escape(grant.prefix);
    case GrantKind::Object:
        return "object " + escape(grant.guest_path) + " " + escape(grant.prefix) +
               (grant.name.empty() ? "" : " " + escape(grant.name));
    }
    return {};
}

// "first rest" -> first, and text becomes rest.
std::string_view take_word(std::string_view& text) {
    const auto space = text.find(' ');
    const auto word = text.substr(0, space);
    text = space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
    return word;
}

std::optional<Grant> read_grant(std::string_view text) {
    const auto kind = take_word(text);
    if (kind == "dir" || kind == "object") {
        auto guest = unescape(take_word(text));
        auto prefix = unescape(take_word(text));
        auto name = unescape(text);
        const bool is_object = kind == "object";
        if (!guest || !prefix || !name || guest->empty() || prefix->empty() || (!is_object && !name->empty())) {
            return std::nullopt;
        }
        return Grant{is_object ? GrantKind::Object : GrantKind::Directory,
                     std::move(*guest),
                     std::move(*prefix),
                     std::move(*name)};
    }
    if (!text.empty()) {
        return std::nullopt;
    }
    if (kind == "console") {
        return Grant{GrantKind::Console, {}, {}};
    }
    if (kind == "clock") {
        return Grant{GrantKind::Clock, {}, {}};
    }
    if (kind == "random") {
        return Grant{GrantKind::Random, {}, {}};
    }
    if (kind == "loader") {
        return Grant{GrantKind::Loader, {}, {}};
    }
    if (kind == "cores") {
        return Grant{GrantKind::Cores, {}, {}};
    }
    return std::nullopt;
}

bool read_number(std::string_view text, std::uint64_t& into) {
    const auto result = std::from_chars(text.data(), text.data() + text.size(), into);
    return result.ec == std::errc{} && result.ptr == text.data() + text.size();
}

struct LimitName {
    std::string_view name;
    std::uint64_t Limits::* value;
};
constexpr LimitName kLimits[] = {{"slots", &Limits::slots},
                                 {"objects", &Limits::objects},
                                 {"fibers", &Limits::fibers},
                                 {"microseconds", &Limits::microseconds}};

bool read_limit(Limits& limits, std::string_view text) {
    const auto name = take_word(text);
    const auto* limit = std::ranges::find(kLimits, name, &LimitName::name);
    return limit != std::end(kLimits) && read_number(text, limits.*limit->value);
}

// One line of a program; false: not understood.
bool read_key(Program& program, std::string_view key, std::string_view text) {
    if (key == "memory") {
        return read_number(text, program.memory_bytes);
    }
    if (key == "limit") {
        return read_limit(program.limits, text);
    }
    if (key == "timeout-ms") {
        return read_number(text, program.timeout_ms);
    }
    if (key == "grant") {
        auto grant = read_grant(text);
        if (grant) {
            program.grants.push_back(std::move(*grant));
        }
        return grant.has_value();
    }
    if (key == "interpose") {  // "2 NAME": before the program's third grant
        std::uint64_t index = 0;
        const bool good = read_number(take_word(text), index) && index < program.grants.size();
        auto by = unescape(text);
        if (!good || !by || by->empty()) {
            return false;
        }
        program.grants[index].interposed.push_back(std::move(*by));
        return true;
    }
    if (key == "env") {
        const auto equals = text.find('=');
        if (equals == std::string_view::npos) {
            return false;
        }
        auto name = unescape(text.substr(0, equals));
        auto value = unescape(text.substr(equals + 1));
        if (!name || !value || name->empty()) {
            return false;
        }
        program.env.emplace_back(std::move(*name), std::move(*value));
        return true;
    }
    auto value = unescape(text);
    if (!value) {
        return false;
    }
    if (key == "file") {
        program.file = std::move(*value);
    } else if (key == "cache") {
        program.caches.push_back(std::move(*value));
    } else if (key == "arg") {
        program.args.push_back(std::move(*value));
    } else if (key == "entry") {
        program.entry = std::move(*value);
    } else {
        return false;
    }
    return true;
}

}  // namespace

std::string write_manifest(const Manifest& manifest) {
    std::string text{kFirstLine};
    text += '\n';
    const auto line = [&text](std::string_view key, const std::string& value) {
        text.append(key).append(" ").append(value).append("\n");
    };
    for (const auto& program : manifest.programs) {
        line("program", escape(program.name));
        line("file", escape(program.file));
        for (const auto& cache : program.caches) {
            line("cache", escape(cache));
        }
        for (const auto& argument : program.args) {
            line("arg", escape(argument));
        }
        for (const auto& [name, value] : program.env) {
            line("env", escape(name) + "=" + escape(value));
        }
        for (const auto& grant : program.grants) {
            line("grant", grant_text(grant));
        }
        for (const auto& limit : kLimits) {
            if (const auto most = program.limits.*limit.value; most != Limits::kNone) {
                line("limit", std::string(limit.name) + " " + std::to_string(most));
            }
        }
        for (std::size_t i = 0; i < program.grants.size(); ++i) {
            for (const auto& by : program.grants[i].interposed) {
                line("interpose", std::to_string(i) + " " + escape(by));
            }
        }
        line("memory", std::to_string(program.memory_bytes));
        if (program.timeout_ms != 0) {
            line("timeout-ms", std::to_string(program.timeout_ms));
        }
        if (!program.entry.empty()) {
            line("entry", escape(program.entry));
        }
    }
    return text;
}

Result<Manifest> read_manifest(std::string_view text) {
    Manifest manifest;
    for (unsigned number = 1; !text.empty(); ++number) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (number == 1) {
            if (line != kFirstLine) {
                return fail(Blame::Caller, "the bundle's manifest is of another version");
            }
            continue;
        }
        if (line.empty()) {
            continue;
        }
        const std::string whole{line};
        const auto key = take_word(line);
        bool good = false;
        if (key == "program" && manifest.programs.size() < kProgramsMax) {
            if (auto name = unescape(line); name && !name->empty()) {
                manifest.programs.emplace_back().name = std::move(*name);
                good = true;
            }
        } else if (!manifest.programs.empty()) {
            good = read_key(manifest.programs.back(), key, line);
        }
        if (!good) {
            return fail(Blame::Caller,
                        "the bundle's manifest, line " + std::to_string(number) + ": not understood: " + whole);
        }
    }
    return manifest;
}

}  // namespace tessera::bundle
